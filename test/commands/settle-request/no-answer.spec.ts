import { aPick, arrival, pickOf } from '../../support/builders/requests.js';
import { Stage } from './stage.js';

let stage = new Stage();
beforeEach(() => {
  stage = new Stage();
});

describe('a call without an answer', () => {
  it('is read back: a seen effect is done', async () => {
    stage.engine.script({ kind: 'silent', executes: true });
    expect(await stage.outcomeOf(aPick())).toMatchObject({
      status: 'done',
      decidedBy: 'read-back',
      attempts: 1,
    });
    expect(stage.effects).toEqual([
      'claim req-1 #1',
      'call user2 on 1',
      'read',
      'settle req-1 done',
      'publish req-1',
    ]);
  });

  it('is never blindly repeated: only after a read that started at the quiet time', async () => {
    stage.engine.script({ kind: 'silent', executes: false });
    expect(await stage.outcomeOf(aPick())).toMatchObject({
      status: 'done',
      decidedBy: 'tencent',
      attempts: 2,
    });
    expect(stage.effects).toEqual([
      'claim req-1 #1',
      'call user2 on 1',
      'read',
      'read',
      'claim req-1 #2',
      'call user2 on 1',
      'settle req-1 done',
      'publish req-1',
    ]);
    const [first, , reading, second] = stage.records.attempts.rows.map(({ slotAt }) => slotAt - arrival);
    expect([first, reading, second]).toEqual([0, 10_010, 10_010]);
  });

  it('keeps its quiet time when the database’s clock is set forward meanwhile', async () => {
    stage.engine.script({ kind: 'silent', executes: false });
    const settled = stage.settle(pickOf('a', 'user2', 1, 200_000));
    await stage.clock.advance(1_000);
    stage.clock.step(60_000);
    await stage.clock.advance(9_000);
    expect(stage.effects).not.toContain('claim a #2');
    await stage.clock.pass(settled);
    expect(stage.effects).toContain('claim a #2');
    expect(stage.clock.monotonic()).toBeGreaterThanOrEqual(10_010);
  });

  it('waits no longer for it when the database’s clock is set back meanwhile', async () => {
    stage.engine.script({ kind: 'silent', executes: false });
    const settled = stage.settle(pickOf('a', 'user2', 1, 30_000));
    await stage.clock.advance(1_000);
    stage.clock.step(-3_600_000);
    await stage.clock.pass(settled);
    expect(stage.effects).toContain('claim a #2');
    expect(stage.clock.monotonic()).toBeLessThan(13_000);
  });

  it('believes no read from before a step: its time says nothing any more', async () => {
    stage.engine.script({ kind: 'silent', executes: false });
    const settled = stage.settle(pickOf('a', 'user2', 1, 200_000));
    // The first read starts at 2 s, well within the quiet time; by its own clock it then lies behind it.
    stage.engine.onRead = () => {
      if (stage.clock.monotonic() < 10_010 && stage.clock.now() > arrival) stage.clock.step(-60_000);
    };
    await stage.clock.advance(10_000);
    expect(stage.effects).not.toContain('claim a #2');
    await stage.clock.pass(settled);
    expect(stage.effects).toContain('claim a #2');
  });

  it('is settled by who sits there when the quiet time is over', async () => {
    stage.engine.script({ kind: 'silent', executes: false });
    const settled = stage.settle(aPick());
    await stage.clock.advance(5_000);
    stage.room.seats[1] = 'user7';
    await stage.clock.pass(settled);
    expect(stage.outcomes.bodies()).toMatchObject([
      {
        status: 'rejected',
        reason: 'seat-occupied',
        decidedBy: 'read-back',
        evidence: { occupant: 'user7' },
      },
    ]);
  });

  it('is read anew when a second attempt is refused: the read before it proves nothing any more', async () => {
    stage.engine.script({ kind: 'silent', executes: false });
    stage.engine.onRead = () => {
      // The seat was free at the quiet time, and is taken before the second attempt.
      if (stage.clock.monotonic() >= 10_010) stage.room.seats[1] = 'user7';
    };
    expect(await stage.outcomeOf(aPick())).toMatchObject({
      status: 'rejected',
      reason: 'seat-occupied',
      decidedBy: 'read-back',
      evidence: { occupant: 'user7' },
      attempts: 2,
    });
  });

  it('ends as unconfirmed, ten seconds after the deadline, when the seats cannot be read', async () => {
    stage.engine.script({ kind: 'silent', executes: true });
    stage.engine.script(...Array.from({ length: 500 }, () => ({ kind: 'code', code: 100001 }) as const));
    expect(await stage.outcomeOf(aPick())).toMatchObject({
      status: 'unconfirmed',
      advice: 'ask-operator',
      attempts: 1,
    });
    expect(stage.clock.now() - aPick().deadline).toBeGreaterThanOrEqual(10_000);
    expect(stage.clock.now() - aPick().deadline).toBeLessThan(11_000);
    expect(stage.effects.filter((effect) => effect.startsWith('call'))).toHaveLength(1);
  });

  it('leaves its rivals waiting until it is settled', async () => {
    stage.engine.script({ kind: 'silent', executes: false });
    await stage.clock.pass(Promise.all([stage.settle(aPick()), stage.settle(pickOf('b', 'user3', 1))]));
    expect(stage.records.outcomes.map(({ request, status }) => `${request.requestId} ${status}`)).toEqual([
      'req-1 done',
      'b rejected',
    ]);
  });

  it('expires for good once its deadline was seen to pass, also when the database’s clock is set back', async () => {
    stage.engine.script({ kind: 'silent', executes: false });
    stage.engine.script(...Array.from({ length: 25 }, () => ({ kind: 'code', code: 100001 }) as const));
    const settled = stage.settle(pickOf('a', 'user2', 1, 12_000));
    const late = stage.settle(pickOf('b', 'user3', 1, 12_000));
    await stage.clock.advance(13_000);
    await late;
    stage.clock.step(-10_000);
    await stage.clock.pass(settled);
    expect(stage.outcomes.bodies()).toMatchObject([
      { requestId: 'b', status: 'expired', attempts: 0 },
      { requestId: 'a', status: 'expired', attempts: 1 },
    ]);
  });
});

describe('a call that never left', () => {
  it('is made again as the same attempt, and counts once', async () => {
    stage.engine.script({ kind: 'unsent' }, { kind: 'unsent' });
    expect(await stage.outcomeOf(aPick())).toMatchObject({ status: 'done', attempts: 1 });
    expect(stage.records.attempts.rows.map(({ attempt, class: kind }) => `#${attempt} ${kind}`)).toEqual([
      '#1 unsent',
      '#1 unsent',
      '#1 done',
    ]);
  });

  it('expires without a read at the deadline: nothing was sent', async () => {
    stage.engine.script({ kind: 'unsent' });
    const settled = stage.settle(pickOf('a', 'user2', 1, 1_000));
    stage.clock.step(1_000);
    await stage.clock.pass(settled);
    expect(stage.outcomes.bodies()).toMatchObject([
      { status: 'expired', decidedBy: 'deadline', attempts: 0 },
    ]);
  });

  it('behind an unknown attempt does not make that one forgotten', async () => {
    stage.engine.script({ kind: 'silent', executes: false }, { kind: 'code', code: 100001 });
    const settled = stage.settle(aPick());
    await stage.clock.advance(10_005);
    // The read at the quiet time finds nobody; then the second attempt misses its slot.
    stage.engine.script({ kind: 'code', code: 100001 }, { kind: 'unsent' });
    await stage.clock.pass(settled);
    expect(stage.outcomes.bodies()).toMatchObject([{ status: 'done', attempts: 2 }]);
  });
});
