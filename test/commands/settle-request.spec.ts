import { Stopped } from '../../src/commands/lanes.js';
import { aCall } from '../support/builders/answers.js';
import { aSecondAgo, seat, told } from '../support/builders/facts.js';
import { aPick, arrival } from '../support/builders/requests.js';
import { eventually } from '../support/eventually.js';
import { Stage } from './stage.js';

const room = { sdkAppId: 1_400_000_000, roomId: 'room-test' };
/** The mirror has user7 on seat 1. */
const occupied = told(seat(1, 'held', 'user7'));
const pickOf = (requestId: string, memberAccount: string, index: number, deadlineMs = 30_000) =>
  aPick({ requestId, memberAccount, index, digest: requestId, deadline: arrival + deadlineMs });

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

describe('a request that Tencent carries out', () => {
  it('is claimed, called, settled and published, in that order', async () => {
    expect(await stage.clock.pass(stage.settle(aPick()))).toBe('settled');
    expect(stage.effects).toEqual([
      'claim req-1 #1',
      'call user2 on 1',
      'settle req-1 done',
      'publish req-1',
    ]);
    expect(stage.outcomes.bodies()).toMatchObject([
      {
        requestId: 'req-1',
        status: 'done',
        reason: null,
        advice: 'none',
        code: 0,
        decidedBy: 'tencent',
        attempts: 1,
      },
    ]);
    expect(stage.room.seats).toEqual([null, 'user2', null, null]);
  });

  it('is noted as published once Kafka has acknowledged it, not before', async () => {
    stage.outcomes.hold();
    const settled = stage.settle(aPick());
    await stage.clock.advance(100);
    expect([stage.records.outcomes.length, stage.records.publications]).toEqual([1, []]);
    stage.outcomes.release();
    await settled;
    expect(stage.records.publications).toMatchObject([{ requestId: 'req-1', publishedAt: arrival + 100 }]);
  });

  it('teaches the mirror: the next one for the seat is refused without a call', async () => {
    await stage.outcomeOf(pickOf('a', 'user2', 1));
    expect(await stage.outcomeOf(pickOf('b', 'user3', 1))).toMatchObject({
      status: 'rejected',
      reason: 'seat-occupied',
      advice: 'choose-another-seat',
      decidedBy: 'mirror',
      evidence: { source: 'own-call', occupant: 'user2' },
      attempts: 0,
    });
    expect(stage.engine.arrived).toHaveLength(1);
  });
});

describe('a request that the mirror refuses', () => {
  beforeEach(() => {
    stage.records.tell(room, [occupied]);
  });

  it('is recorded and published without a claim or a call', async () => {
    expect(await stage.outcomeOf(aPick())).toMatchObject({ status: 'rejected', predicted: null });
    expect(stage.effects).toEqual(['record req-1 rejected', 'publish req-1']);
  });

  it('is decided again when its evidence fell before it was recorded', async () => {
    const freed = {
      ...told(seat(1, 'free')),
      evidence: { source: 'read', from: arrival, to: arrival },
    } as const;
    stage.records.beforeRecord = () => {
      stage.records.tell(room, [freed]);
    };
    await stage.clock.pass(stage.settle(aPick()));
    expect(stage.effects).toEqual([
      'stale req-1 rejected',
      'claim req-1 #1',
      'call user2 on 1',
      'settle req-1 done',
      'publish req-1',
    ]);
  });
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
    const reused = stage.settle(aPick({ digest: 'other', index: 2 }));
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
    const settled = stage.settle(pickOf('a', 'user2', 1, 5_000));
    const late = stage.settle(pickOf('b', 'user3', 1, 5_000));
    await stage.clock.advance(6_000);
    await late;
    stage.clock.step(-20_000);
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

describe('a piece of evidence that is drawn as a sample', () => {
  beforeEach(() => {
    stage.records.draw = 0;
    stage.records.tell(room, [occupied]);
  });

  it('is put to the test: Tencent decides, and the outcome tells what the mirror would have said', async () => {
    stage.room.seats[1] = 'user7';
    expect(await stage.outcomeOf(aPick())).toMatchObject({
      status: 'rejected',
      reason: 'seat-occupied',
      decidedBy: 'tencent',
      predicted: 'seat-occupied',
      attempts: 1,
    });
    expect(stage.records.attempts.rows[0]).toMatchObject({ purpose: 'audit' });
  });

  it('shows when the mirror was wrong', async () => {
    expect(await stage.outcomeOf(aPick())).toMatchObject({ status: 'done', predicted: 'seat-occupied' });
  });

  it('is tested once, however many rivals it refuses', async () => {
    stage.room.seats[1] = 'user7';
    const rivals = Array.from({ length: 20 }, (_, at) => pickOf(`r${at}`, at === 0 ? 'user2' : `u${at}`, 1));
    await stage.clock.pass(Promise.all(rivals.map((rival) => stage.settle(rival))));
    expect(stage.effects.filter((effect) => effect.startsWith('call'))).toHaveLength(1);
    expect(stage.outcomes.bodies().filter(({ predicted }) => predicted !== null)).toHaveLength(1);
  });

  it('is not tested again when another instance was faster: the request is decided again', async () => {
    stage.room.seats[1] = 'user7';
    const other = stage.start();
    await stage.clock.pass(
      Promise.all([stage.settle(pickOf('a', 'user2', 1)), other.settle(pickOf('b', 'user3', 1))]),
    );
    expect(stage.effects.filter((effect) => effect.startsWith('call'))).toHaveLength(1);
    expect(stage.effects).toContain('spent b');
    expect(stage.outcomes.bodies().find(({ requestId }) => requestId === 'b')).toMatchObject({
      decidedBy: 'mirror',
      predicted: null,
    });
  });
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

  it('behind a request whose records fail are not kept waiting by it', async () => {
    stage.records.failNextFind = true;
    const broken = stage.settle(pickOf('a', 'user2', 1));
    const other = stage.settle(pickOf('b', 'user3', 1));
    await expect(broken).rejects.toThrow('the database is gone');
    expect(await stage.clock.pass(other)).toBe('settled');
  });
});

describe('a stop', () => {
  it('leaves what waits for a slot as it is: nothing recorded, nothing published', async () => {
    stage.records.budget.shut();
    const settled = stage.settle(aPick());
    await stage.clock.advance(100);
    stage.instance.lanes.stop();
    await expect(settled).rejects.toThrow(Stopped);
    expect([stage.records.outcomes, stage.outcomes.published, stage.engine.arrived]).toEqual([[], [], []]);
  });

  it('lets a call in flight finish, be recorded and published', async () => {
    const answer = stage.engine.hold();
    const settled = stage.settle(aPick());
    await stage.clock.advance(100);
    stage.instance.lanes.stop();
    answer();
    expect(await stage.clock.pass(settled)).toBe('settled');
    expect(stage.outcomes.bodies()).toMatchObject([{ status: 'done' }]);
  });

  it.each(['silent', 'code'] as const)(
    'leaves a call that is not concluded claimed or released (%s)',
    async (kind) => {
      stage.engine.script(kind === 'code' ? { kind, code: 60007 } : { kind, executes: true });
      const settled = stage.settle(aPick());
      await stage.clock.advance(100);
      stage.instance.lanes.stop();
      await expect(settled).rejects.toThrow(Stopped);
      expect(await stage.records.find(aPick())).toMatchObject({
        state: kind === 'code' ? 'released' : 'claimed',
      });
      expect(stage.outcomes.published).toEqual([]);
    },
  );
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

it('old evidence is not used: the mirror is asked only about what is fresh enough', async () => {
  stage.records.tell(room, [
    { ...occupied, evidence: { ...aSecondAgo, from: arrival - 61_000, to: arrival - 60_001 } },
  ]);
  expect(await stage.outcomeOf(aPick())).toMatchObject({ status: 'done' });
});
