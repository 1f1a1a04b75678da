import { seat, told } from '../../support/builders/facts.js';
import { arrival, pickOf } from '../../support/builders/requests.js';
import { eventually } from '../../support/eventually.js';
import { Stage } from './stage.js';

let stage = new Stage();
beforeEach(() => {
  stage = new Stage();
});

describe('rivals', () => {
  it('are called one after the other, others side by side', async () => {
    const answer = stage.engine.hold();
    const all = [
      stage.settle(pickOf('a', 'user2', 1)),
      stage.settle(pickOf('b', 'user2', 2)),
      stage.settle(pickOf('c', 'user4', 3)),
    ];
    await stage.clock.advance(1_000);
    expect(stage.effects.filter((effect) => !effect.startsWith('claim'))).toEqual([
      'call user2 on 1',
      'call user4 on 3',
    ]);
    answer();
    await stage.clock.pass(Promise.all(all));
    expect(stage.outcomes.bodies()).toMatchObject([
      { requestId: 'a', status: 'done' },
      { requestId: 'c', status: 'done' },
      { requestId: 'b', status: 'rejected', reason: 'already-seated' },
    ]);
  });

  it('5,000 of them for one seat cost one call, few looks at the room, and keep their order', async () => {
    const ids = Array.from({ length: 5_000 }, (_, at) => `r${at}`);
    const all = Promise.all(ids.map((id, at) => stage.settle(pickOf(id, at === 0 ? 'user2' : `u${at}`, 1))));
    let isSettled = false;
    void all.then(() => (isSettled = true));
    await eventually(() => isSettled, { within: 20_000, what: '5,000 rivals settled' });
    expect(stage.engine.arrived).toHaveLength(1);
    // One for each row of 50, after which the event loop gets its turn; slower records share one more widely.
    expect(stage.records.loads).toBeLessThan(5_000 / 40);
    expect(stage.records.outcomes.map(({ request }) => request.requestId)).toEqual(ids);
    expect(stage.outcomes.bodies().map(({ requestId }) => requestId)).toEqual(ids);
  });

  it('are not called before a refused one ahead is recorded: it may have to be decided again', async () => {
    const room = { sdkAppId: 1_400_000_000, roomId: 'room-test' };
    stage.records.tell(room, [told(seat(1, 'held', 'user7'))]);
    stage.records.beforeRecord = () => {
      const evidence = { source: 'read', from: arrival, to: arrival } as const;
      stage.records.tell(room, [{ ...told(seat(1, 'free')), evidence }]);
    };
    const both = [stage.settle(pickOf('a', 'user2', 1)), stage.settle(pickOf('b', 'user2', 2))];
    await stage.clock.pass(Promise.all(both));
    expect(stage.effects).toContain('stale a rejected');
    expect(stage.outcomes.bodies()).toMatchObject([
      { requestId: 'a', status: 'done' },
      { requestId: 'b', status: 'rejected', reason: 'already-seated' },
    ]);
  });

  it('do not wait for Kafka: the next one is settled while the first is being published', async () => {
    stage.outcomes.hold();
    const both = Promise.all([stage.settle(pickOf('a', 'user2', 1)), stage.settle(pickOf('b', 'user3', 1))]);
    await stage.clock.letOthersRun();
    expect(stage.records.outcomes.map(({ request }) => request.requestId)).toEqual(['a', 'b']);
    stage.outcomes.release();
    await both;
    expect(stage.outcomes.bodies().map(({ requestId }) => requestId)).toEqual(['a', 'b']);
  });

  it('on another instance are waited for', async () => {
    const answer = stage.engine.hold();
    const one = stage.settle(pickOf('a', 'user2', 1));
    await stage.clock.advance(100);
    const other = stage.start().settle(pickOf('b', 'user3', 1));
    await stage.clock.advance(900);
    expect(stage.effects.filter((effect) => effect.startsWith('call'))).toEqual(['call user2 on 1']);
    expect(stage.effects.filter((effect) => effect === 'rival b').length).toBeGreaterThan(1);
    answer();
    await stage.clock.pass(Promise.all([one, other]));
    expect(stage.outcomes.bodies()).toMatchObject([
      { requestId: 'a', status: 'done' },
      { requestId: 'b', status: 'rejected', decidedBy: 'mirror' },
    ]);
  });

  it('behind a request that fails for want of its records are not kept waiting by it', async () => {
    stage.records.failNextFind = true;
    const broken = stage.settle(pickOf('a', 'user2', 1));
    const other = stage.settle(pickOf('b', 'user3', 1));
    await expect(broken).rejects.toThrow('the database is gone');
    expect(await stage.clock.pass(other)).toBe('settled');
  });
});
