import { Stopped } from '../../../src/commands/stopped.js';
import { aCall } from '../../support/builders/answers.js';
import { aPick, pickOf } from '../../support/builders/requests.js';
import { Stage } from './stage.js';

let stage = new Stage();
beforeEach(() => {
  stage = new Stage();
});

/** A claim of `aPick` whose owner died at once; the call was carried out or not. */
async function claimOfTheDead(executed: boolean): Promise<void> {
  const intent = { request: aPick(), call: aCall, prior: null, sample: null };
  await stage.records.claim(intent, new AbortController().signal);
  if (executed) stage.room.seats[1] = 'user2';
  stage.effects.length = 0;
}

describe('a claim whose owner died', () => {
  it('is not touched before its quiet time; then the seats are read, and a seen effect is done', async () => {
    await claimOfTheDead(true);
    const settled = stage.settle(aPick());
    await stage.clock.advance(10_000);
    expect(stage.effects).toEqual([]);
    await stage.clock.pass(settled);
    expect(stage.clock.monotonic()).toBeGreaterThanOrEqual(10_010);
    expect(stage.effects).toEqual(['read', 'settle req-1 done', 'publish req-1']);
    expect(stage.outcomes.bodies()).toMatchObject([{ decidedBy: 'read-back', code: null, attempts: 1 }]);
  });

  it('gets a second attempt where no effect stands', async () => {
    await claimOfTheDead(false);
    expect(await stage.outcomeOf(aPick())).toMatchObject({
      status: 'done',
      decidedBy: 'tencent',
      attempts: 2,
    });
    expect(stage.effects.slice(0, 3)).toEqual(['read', 'claim req-1 #2', 'call user2 on 1']);
  });

  it('expires, on the evidence of the read, where no effect stands and no time is left', async () => {
    await claimOfTheDead(false);
    stage.clock.step(40_000);
    expect(await stage.outcomeOf(aPick())).toMatchObject({
      status: 'expired',
      decidedBy: 'read-back',
      attempts: 1,
    });
    expect(stage.effects).toEqual(['read', 'settle req-1 expired', 'publish req-1']);
  });

  it('keeps its quiet time when the database’s clock is set forward', async () => {
    await claimOfTheDead(true);
    stage.clock.step(3_600_000);
    const settled = stage.settle(aPick());
    await stage.clock.advance(9_999);
    expect(stage.effects).toEqual([]);
    await stage.clock.pass(settled);
    expect(stage.effects[0]).toBe('read');
  });

  it('keeps its rivals waiting until it is settled', async () => {
    await claimOfTheDead(true);
    const settled = [stage.settle(aPick()), stage.settle(pickOf('b', 'user3', 1))];
    await stage.clock.pass(Promise.all(settled));
    expect(stage.effects).toEqual([
      'read',
      'settle req-1 done',
      'publish req-1',
      'record b rejected',
      'publish b',
    ]);
  });

  it('answered later before it died: the next attempt is due at once, without a read', async () => {
    stage.engine.script({ kind: 'code', code: 60007 });
    const first = stage.settle(aPick());
    await stage.clock.advance(500);
    stage.instance.lanes.stop();
    await expect(first).rejects.toThrow(Stopped);
    stage.effects.length = 0;
    await stage.clock.pass(stage.start().settle(aPick()));
    expect(stage.effects).toEqual([
      'claim req-1 #2',
      'call user2 on 1',
      'settle req-1 done',
      'publish req-1',
    ]);
  });

  it('answered later before it died: counts its attempts when no time is left', async () => {
    stage.engine.script({ kind: 'code', code: 60007 });
    const first = stage.settle(aPick());
    await stage.clock.advance(500);
    stage.instance.lanes.stop();
    await expect(first).rejects.toThrow(Stopped);
    stage.clock.step(60_000);
    await stage.clock.pass(stage.start().settle(aPick()));
    expect(stage.outcomes.bodies()).toMatchObject([
      { status: 'expired', decidedBy: 'deadline', attempts: 1 },
    ]);
  });
});
