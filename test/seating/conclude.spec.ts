import type { Reading, SentAnswer } from '../../src/seating/answer.js';
import type { CallHistory, Conclusion } from '../../src/seating/call-history.js';
import { conclude } from '../../src/seating/conclude.js';
import { reasons } from '../../src/seating/reasons.js';
import type { Reason } from '../../src/seating/reasons.js';
import {
  done,
  free,
  held,
  later,
  readNone,
  readOf,
  refused,
  unknown,
  unusable,
} from '../support/builders/answers.js';
import { aHistory, deadline, giveUpAt, slotAt } from '../support/builders/histories.js';

/** Given these answers and perhaps a reading, at this time … */
function concluded(
  answers: readonly SentAnswer[],
  reading: Reading | null = null,
  changes: Partial<CallHistory> = {},
): Conclusion {
  return conclude(aHistory({ answers, reading, ...changes }));
}

/** `done`, `rejected seat-occupied`, `read at 5`, `repeat at 5`: times count from the slot. */
function inWords(conclusion: Conclusion): string {
  if (conclusion.kind !== 'settle') return `${conclusion.kind} at ${conclusion.notBefore - slotAt}`;
  const { status, reason } = conclusion.ending;
  return [status, reason ?? ''].join(' ').trim();
}

describe('no call was sent', () => {
  it('makes an attempt at once while there is time, and expires from the deadline on', () => {
    expect(inWords(concluded([], null, { now: deadline - 1 }))).toBe(`repeat at ${deadline - 1 - slotAt}`);
    expect(concluded([], null, { now: deadline })).toMatchObject({
      ending: { status: 'expired', decidedBy: 'deadline', evidence: null },
    });
  });
});

describe('Tencent answered done', () => {
  it('is done, in Tencent’s name, with its code and its request id', () => {
    expect(concluded([done({ message: 'OK' })])).toEqual({
      kind: 'settle',
      ending: {
        status: 'done',
        reason: null,
        code: 0,
        message: 'OK',
        decidedBy: 'tencent',
        evidence: null,
        tencentRequestId: 'Id-1-O-Seq-1',
      },
    });
  });

  it('is done after the deadline, too: the effect was seen', () => {
    expect(inWords(concluded([done()], null, { now: giveUpAt + 1 }))).toBe('done');
  });

  it('is done after an earlier attempt that was unknown or postponed', () => {
    expect(inWords(concluded([unknown(), later(), done()]))).toBe('done');
  });
});

describe('Tencent refused', () => {
  it.each<[number, Reason]>([
    [100004, 'room-not-found'],
    [100005, 'not-a-member'],
    [100200, 'seat-locked'],
    [100202, 'already-queued'],
    [100211, 'seats-disabled'],
    [70107, 'account-unknown'],
  ])('%i: rejected as %s, without a read', (code, reason) => {
    expect(concluded([refused(code, reason)])).toEqual({
      kind: 'settle',
      ending: {
        status: 'rejected',
        reason,
        code,
        message: reasons[reason].meaning,
        decidedBy: 'tencent',
        evidence: null,
        tencentRequestId: 'Id-1-O-Seq-1',
      },
    });
  });

  it('tells Tencent’s own words where it has any', () => {
    const answer = refused(100200, 'seat-locked', { message: 'seat is locked' });
    expect(concluded([answer])).toMatchObject({ ending: { message: 'seat is locked' } });
  });

  it('a fault of configuration fails', () => {
    expect(inWords(concluded([refused(70009, 'misconfigured', { failed: true })]))).toBe(
      'failed misconfigured',
    );
  });

  it('without a code of Tencent’s is believed as it is', () => {
    const answer = { ...refused(0, 'misconfigured', { failed: true }), code: null };
    expect(inWords(concluded([answer]))).toBe('failed misconfigured');
  });

  const readFirst: [number, Reason][] = [
    [100201, 'seat-occupied'],
    [100203, 'already-seated'],
    [100205, 'seats-full'],
    [100210, 'seat-occupied'],
    [100002, 'invalid-request'],
  ];

  describe.each(readFirst)('%i', (code, reason) => {
    const answer = refused(code, reason);
    const after = answer.answeredAt + 10;

    it('is never believed before the seats were read: at once', () => {
      expect(inWords(concluded([answer]))).toBe('read at 50');
    });

    it('is read again after a read that says nothing, when that read allows it', () => {
      expect(inWords(concluded([answer], unusable(after)))).toBe(`read at ${after + 530 - slotAt}`);
    });

    it('is done if the member holds that very seat, with the evidence of the read', () => {
      const now = after + 100;
      expect(concluded([answer], readOf([free(0), held(1, 'user2')], after), { now })).toMatchObject({
        ending: {
          status: 'done',
          reason: 'already-there',
          code: null,
          decidedBy: 'read-back',
          tencentRequestId: 'Id-1-O-Seq-1',
          evidence: { source: 'read', ageMs: 70, readAt: after + 30, occupant: 'user2' },
        },
      });
    });

    it.each(['missing', 'disabled'] as const)('stands when the read finds the room %s', (kind) => {
      expect(inWords(concluded([answer], readNone(kind, after)))).toBe(`rejected ${reason}`);
    });

    it('stands, without evidence, when no read came in time: the refusal itself is definite', () => {
      expect(inWords(concluded([answer], unusable(after), { now: giveUpAt - 1 }))).toMatch(/^read/);
      expect(concluded([answer], unusable(after), { now: giveUpAt })).toMatchObject({
        ending: { status: 'rejected', reason, code, decidedBy: 'tencent', evidence: null },
      });
    });
  });

  it.each([100201, 100210])('%i and another holds the seat: rejected, the occupant is named', (code) => {
    const answer = refused(code, 'seat-occupied');
    expect(concluded([answer], readOf([free(0), held(1, 'user7')], slotAt + 100))).toMatchObject({
      ending: {
        status: 'rejected',
        reason: 'seat-occupied',
        code,
        message: 'seat 1 is held by user7',
        decidedBy: 'tencent',
        evidence: { occupant: 'user7' },
      },
    });
  });

  it.each([100201, 100210])(
    '%i and the seat is free by now: rejected all the same, nobody is named',
    (code) => {
      const answer = refused(code, 'seat-occupied');
      expect(concluded([answer], readOf([free(0), free(1)], slotAt + 100))).toMatchObject({
        ending: { status: 'rejected', reason: 'seat-occupied', code, evidence: { occupant: null } },
      });
    },
  );

  it('100205 and the member sits elsewhere or nowhere: rejected as full', () => {
    const answer = refused(100205, 'seats-full');
    for (const seats of [
      [held(0, 'user2'), held(1, 'user7')],
      [held(0, 'user6'), held(1, 'user7')],
    ]) {
      expect(inWords(concluded([answer], readOf(seats, slotAt + 100)))).toBe('rejected seats-full');
    }
  });

  it('100203 and the member sits elsewhere: rejected, the seat is told', () => {
    const answer = refused(100203, 'already-seated');
    expect(concluded([answer], readOf([held(0, 'user2'), free(1)], slotAt + 100))).toMatchObject({
      ending: {
        status: 'rejected',
        reason: 'already-seated',
        code: 100203,
        message: 'user2 sits on seat 0',
        evidence: { occupant: 'user2' },
      },
    });
  });

  describe('100203 and the member sits nowhere', () => {
    const answer = refused(100203, 'already-seated');
    const complete = answer.answeredAt + 2_000;
    const nowhere = (sentAt: number): Reading => readOf([free(0), free(1)], sentAt);

    it('reads again once the read can show what Tencent saw', () => {
      expect(concluded([answer], nowhere(complete - 1))).toEqual({ kind: 'read', notBefore: complete });
    });

    it('makes one more attempt: the member left meanwhile', () => {
      const now = complete + 30;
      expect(concluded([answer], nowhere(complete), { now })).toEqual({ kind: 'repeat', notBefore: now });
    });

    it('is rejected the second time', () => {
      expect(inWords(concluded([answer, answer], nowhere(complete)))).toBe('rejected already-seated');
    });

    it('is rejected, not expired, from the deadline on: the refusal is definite', () => {
      expect(inWords(concluded([answer], nowhere(complete), { now: deadline }))).toBe(
        'rejected already-seated',
      );
    });
  });

  it('100002 and the room has no such seat: rejected as no-such-seat', () => {
    const answer = refused(100002, 'invalid-request', { message: 'invalid parameter' });
    expect(concluded([answer], readOf([free(0)], slotAt + 100))).toMatchObject({
      ending: { status: 'rejected', reason: 'no-such-seat', code: 100002, decidedBy: 'tencent' },
    });
  });

  it('100002 and the room has the seat: rejected as an invalid request', () => {
    const answer = refused(100002, 'invalid-request');
    expect(inWords(concluded([answer], readOf([free(0), free(1)], slotAt + 100)))).toBe(
      'rejected invalid-request',
    );
  });
});

describe('an earlier call has an unknown result', () => {
  const endings = [
    ['rejected', refused(100005, 'not-a-member')],
    ['failed', refused(70009, 'misconfigured', { failed: true })],
    ['expired', later({ waitMs: deadline })],
  ] as const;

  it.each(endings)(
    'is %s only by a read: the call may have taken effect and been undone',
    (status, answer) => {
      const answers = [unknown(), answer];
      const now = answer.answeredAt + 100;
      expect(concluded(answers, null, { now })).toEqual({ kind: 'read', notBefore: now });
      const reading = readOf([free(1)], now - 50);
      expect(concluded(answers, reading, { now })).toMatchObject({
        ending: { status, decidedBy: 'read-back', evidence: { source: 'read', readAt: reading.answeredAt } },
      });
    },
  );

  it.each(endings)('is done, not %s, when the read shows the effect', (_, answer) => {
    const reading = readOf([held(1, 'user2')], answer.answeredAt + 10);
    expect(inWords(concluded([unknown(), answer], reading, { now: answer.answeredAt + 50 }))).toBe('done');
  });

  it.each(endings)('is unconfirmed, not %s, when no read can be had', (_, answer) => {
    expect(inWords(concluded([unknown(), answer], unusable(giveUpAt - 50), { now: giveUpAt }))).toBe(
      'unconfirmed no-usable-read',
    );
  });
});

describe('Tencent answered later', () => {
  const postponed = later({ waitMs: 500 });

  it('repeats once the wait is over', () => {
    expect(concluded([postponed])).toEqual({ kind: 'repeat', notBefore: postponed.answeredAt + 500 });
  });

  it('repeats at once when the wait is over already', () => {
    const now = postponed.answeredAt + 700;
    expect(concluded([postponed], null, { now })).toEqual({ kind: 'repeat', notBefore: now });
  });

  it('expires when the wait would end at the deadline or behind it, without evidence', () => {
    const untilDeadline = deadline - postponed.answeredAt;
    expect(inWords(concluded([later({ waitMs: untilDeadline - 1 })]))).toMatch(/^repeat/);
    expect(concluded([later({ waitMs: untilDeadline })])).toMatchObject({
      ending: { status: 'expired', decidedBy: 'deadline', evidence: null },
    });
  });

  it('repeats any number of times where no bound is set', () => {
    expect(inWords(concluded(Array.from({ length: 50 }, () => postponed)))).toMatch(/^repeat/);
  });

  it('fails with the reason of the code after as many repeats as are allowed', () => {
    const unsigned = later({ code: 70001, repeats: 1, waitMs: 0, reason: 'misconfigured', pause: false });
    expect(inWords(concluded([unsigned]))).toMatch(/^repeat/);
    expect(concluded([unsigned, unsigned])).toMatchObject({
      ending: { status: 'failed', reason: 'misconfigured', code: 70001, decidedBy: 'tencent' },
    });
  });

  it('counts the repeats of each code by itself', () => {
    const one = later({ code: 70001, repeats: 1, reason: 'misconfigured' });
    const other = later({ code: 100102, repeats: 1, reason: 'already-queued' });
    expect(inWords(concluded([one, other]))).toMatch(/^repeat/);
    expect(inWords(concluded([one, other, one]))).toBe('failed misconfigured');
  });
});
