import { pickOf } from '../../support/builders/requests.js';
import { Stage } from './stage.js';

let stage = new Stage();
beforeEach(() => {
  stage = new Stage();
});

describe('a deadline that passes', () => {
  it('while a rival is undecided ends the request in its place, without a call', async () => {
    const answer = stage.engine.hold();
    const one = stage.settle(pickOf('a', 'user2', 1));
    const late = stage.settle(pickOf('b', 'user3', 1, 1_000));
    const behind = stage.settle(pickOf('c', 'user4', 1));
    await stage.clock.advance(1_100);
    await late;
    expect(stage.outcomes.bodies()).toMatchObject([
      { requestId: 'b', status: 'expired', decidedBy: 'deadline' },
    ]);
    answer();
    await stage.clock.pass(Promise.all([one, behind]));
    expect(stage.records.outcomes.map(({ request }) => request.requestId)).toEqual(['b', 'a', 'c']);
  });

  it('of a later message never takes the id away from an earlier one', async () => {
    const answer = stage.engine.hold();
    const rival = stage.settle(pickOf('rival', 'user9', 1));
    const first = stage.settle(pickOf('a', 'user2', 1));
    const other = { digest: 'other', kafka: { partition: 3, offset: '43' } };
    const second = stage.settle({ ...pickOf('a', 'user2', 43, 1_000), ...other });
    await stage.clock.advance(1_100);
    expect(stage.records.outcomes).toEqual([]);
    answer();
    expect(await stage.clock.pass(Promise.all([rival, first, second]))).toEqual([
      'settled',
      'settled',
      'id-reused',
    ]);
  });

  it('while there is no slot ends the request without a claim', async () => {
    stage.records.budget.shut();
    const settled = stage.settle(pickOf('a', 'user2', 1, 1_000));
    await stage.clock.advance(1_100);
    await settled;
    expect(stage.outcomes.bodies()).toMatchObject([
      { status: 'expired', decidedBy: 'deadline', attempts: 0 },
    ]);
    expect(stage.effects).toEqual(['aborted a', 'record a expired', 'publish a']);
  });

  it('while there is no slot for a second attempt ends it, too', async () => {
    stage.engine.script({ kind: 'code', code: 60007 });
    const settled = stage.settle(pickOf('a', 'user2', 1, 2_000));
    await stage.clock.advance(500);
    stage.records.budget.shut();
    await stage.clock.advance(1_600);
    await settled;
    expect(stage.outcomes.bodies()).toMatchObject([{ status: 'expired', attempts: 1 }]);
    expect(stage.engine.arrived).toHaveLength(1);
  });

  it('before it is taken in ends it at once, without a call', async () => {
    expect(await stage.outcomeOf(pickOf('a', 'user2', 1, -1))).toMatchObject({
      status: 'expired',
      attempts: 0,
    });
    expect(stage.engine.arrived).toEqual([]);
  });
});
