import { seat, told } from '../../support/builders/facts.js';
import { aPick, arrival, pickOf } from '../../support/builders/requests.js';
import { Stage } from './stage.js';

const room = { sdkAppId: 1_400_000_000, roomId: 'room-test' };
/** The mirror has user7 on seat 1. */
const occupied = told(seat(1, 'held', 'user7'));

let stage = new Stage();
beforeEach(() => {
  stage = new Stage();
});

describe('a request that is delivered again', () => {
  it('is published again, byte for byte, without another look or call', async () => {
    await stage.clock.pass(stage.settle(aPick()));
    await stage.clock.advance(5_000);
    expect(await stage.clock.pass(stage.start().settle(aPick({ receivedAt: arrival + 5_000 })))).toBe(
      'settled',
    );
    const [first, copy] = stage.outcomes.published;
    expect(copy).toEqual(first);
    expect(stage.engine.arrived).toHaveLength(1);
    expect(stage.records.outcomes).toHaveLength(1);
  });

  it('with other content is told apart, publishes nothing, and keeps nobody waiting', async () => {
    await stage.clock.pass(stage.settle(aPick()));
    const reused = stage.settle(aPick({ digest: 'other', index: 2, kafka: { partition: 0, offset: '1' } }));
    const rival = stage.settle(pickOf('b', 'user3', 2));
    expect(await stage.clock.pass(reused)).toBe('id-reused');
    expect(await stage.clock.pass(rival)).toBe('settled');
    expect(stage.outcomes.bodies()).toMatchObject([
      { requestId: 'req-1' },
      { requestId: 'b', status: 'done' },
    ]);
  });

  it('while its first owner is at it waits for that settlement and publishes the same bytes', async () => {
    const answer = stage.engine.hold();
    const first = stage.settle(aPick());
    await stage.clock.advance(100);
    const second = stage.start().settle(aPick());
    await stage.clock.advance(3_000);
    expect(stage.outcomes.published).toEqual([]);
    answer();
    await stage.clock.pass(Promise.all([first, second]));
    expect(stage.effects).toEqual([
      'claim req-1 #1',
      'call user2 on 1',
      'settle req-1 done',
      'publish req-1',
      'publish req-1',
    ]);
    expect(stage.outcomes.published[1]).toEqual(stage.outcomes.published[0]);
  });

  it('and is claimed by two owners at once is called once', async () => {
    const both = Promise.all([stage.settle(aPick()), stage.start().settle(aPick())]);
    await stage.clock.pass(both);
    expect(stage.engine.arrived).toHaveLength(1);
    expect(stage.outcomes.published[1]).toEqual(stage.outcomes.published[0]);
  });

  it('and is recorded by two owners at once is recorded once', async () => {
    stage.records.tell(room, [occupied]);
    await stage.clock.pass(Promise.all([stage.settle(aPick()), stage.start().settle(aPick())]));
    expect(stage.records.outcomes).toHaveLength(1);
    expect(stage.outcomes.published[1]).toEqual(stage.outcomes.published[0]);
  });
});

describe('an owner that is overtaken', () => {
  it('drops its own ending and publishes the one that stands', async () => {
    const answer = stage.engine.hold();
    const slow = stage.settle(aPick());
    await stage.clock.advance(100);
    const fast = stage.start().settle(aPick());
    // The first owner is frozen past the quiet time; the second one reads the seat back.
    await stage.clock.pass(fast);
    answer();
    await stage.clock.pass(slow);
    expect(stage.effects).toContain('lost req-1 done');
    expect(stage.records.outcomes).toMatchObject([{ decidedBy: 'read-back' }]);
    expect(stage.outcomes.published[1]).toEqual(stage.outcomes.published[0]);
  });
});
