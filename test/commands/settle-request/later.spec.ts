import { aPick, arrival, pickOf } from '../../support/builders/requests.js';
import { Stage } from './stage.js';

let stage = new Stage();
beforeEach(() => {
  stage = new Stage();
});

describe('a call that is answered with "later"', () => {
  it('gives its claim up, waits, and is made again; all instances are told to slow down', async () => {
    stage.engine.script({ kind: 'code', code: 60007 });
    const settled = stage.settle(aPick());
    await stage.clock.advance(500);
    expect(stage.effects).toEqual(['claim req-1 #1', 'call user2 on 1', 'release req-1']);
    expect(await stage.records.find(aPick())).toMatchObject({ state: 'released', claim: { attempt: 1 } });
    expect(stage.records.slowDowns).toEqual([{ sdkAppId: 1_400_000_000, ms: 1_000 }]);
    await stage.clock.pass(settled);
    expect(stage.records.attempts.rows.map(({ slotAt }) => slotAt - arrival)).toEqual([0, 1_000]);
    expect(stage.outcomes.bodies()).toMatchObject([{ status: 'done', attempts: 2 }]);
  });

  it('slows nobody down where it concerns this call alone', async () => {
    stage.engine.script({ kind: 'code', code: 70001 });
    expect(await stage.outcomeOf(aPick())).toMatchObject({ status: 'done', attempts: 2 });
    expect(stage.records.slowDowns).toEqual([]);
  });

  it('fails after as many repeats as the code allows', async () => {
    stage.engine.script({ kind: 'code', code: 70001 }, { kind: 'code', code: 70001 });
    expect(await stage.outcomeOf(aPick())).toMatchObject({
      status: 'failed',
      reason: 'misconfigured',
      attempts: 2,
    });
  });

  it('expires when the wait would outlast the deadline: nothing is claimed for it any more', async () => {
    stage.engine.script({ kind: 'code', code: 60007 });
    expect(await stage.outcomeOf(pickOf('a', 'user2', 1, 900))).toMatchObject({
      status: 'expired',
      attempts: 1,
    });
    expect(stage.effects).toEqual(['claim a #1', 'call user2 on 1', 'settle a expired', 'publish a']);
  });

  it('keeps its place before its rivals', async () => {
    stage.engine.script({ kind: 'code', code: 60007 });
    await stage.clock.pass(Promise.all([stage.settle(aPick()), stage.settle(pickOf('b', 'user3', 1))]));
    expect(stage.outcomes.bodies()).toMatchObject([
      { requestId: 'req-1', status: 'done' },
      { requestId: 'b', status: 'rejected' },
    ]);
  });
});
