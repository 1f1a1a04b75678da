import type { Reading, ReadSeat, SentAnswer } from '../../src/seating/answer.js';
import type { CallHistory, Conclusion } from '../../src/seating/call-history.js';
import { conclude } from '../../src/seating/conclude.js';
import { reasons } from '../../src/seating/reasons.js';
import type { Reason } from '../../src/seating/reasons.js';
import { done, free, held, later, locked } from '../support/builders/answers.js';
import { readNone, readOf, refused, strange, unknown, unusable } from '../support/builders/answers.js';
import { aHistory, deadline, giveUpAt, quietAt, slotAt } from '../support/builders/histories.js';

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
          code,
          decidedBy: 'tencent',
          tencentRequestId: 'Id-1-O-Seq-1',
          evidence: { source: 'read', ageMs: 70, readAt: after + 30 },
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

describe('the result is unknown', () => {
  const seatsAt = (sentAt: number, ...seats: ReadSeat[]): Reading => readOf(seats, sentAt);

  it('reads the seats, not before 2 s after the slot', () => {
    expect(inWords(concluded([unknown()]))).toBe('read at 2000');
    expect(inWords(concluded([unknown()], null, { now: slotAt + 5_000 }))).toBe('read at 5000');
  });

  it('reads again when the last read allows it, and not before 2 s after the slot', () => {
    expect(inWords(concluded([unknown()], unusable(slotAt + 3_000)))).toBe('read at 3530');
    expect(inWords(concluded([unknown()], unusable(slotAt + 100)))).toBe('read at 2000');
  });

  describe('a read from before the quiet time', () => {
    it('concludes at once that it is done, if it started at least 2 s after the slot', () => {
      const now = slotAt + 2_100;
      expect(concluded([unknown()], seatsAt(slotAt + 2_000, held(1, 'user2')), { now })).toEqual({
        kind: 'settle',
        ending: {
          status: 'done',
          reason: null,
          code: null,
          message: 'the seats were read back: the member sits there',
          decidedBy: 'read-back',
          evidence: { source: 'read', ageMs: 70, readAt: slotAt + 2_030, occupant: null },
          tencentRequestId: null,
        },
      });
    });

    it('proves nothing when it started earlier: it may show what was before the call', () => {
      expect(concluded([unknown()], seatsAt(slotAt + 1_999, held(1, 'user2')))).toEqual({
        kind: 'read',
        notBefore: quietAt,
      });
    });

    it.each<[string, Reading]>([
      ['the member on another seat', seatsAt(quietAt - 1, held(0, 'user2'), free(1))],
      ['another on the seat', seatsAt(quietAt - 1, held(1, 'user7'))],
      ['the seat locked', seatsAt(quietAt - 1, locked(1))],
      ['the seat free', seatsAt(quietAt - 1, free(1))],
      ['no such seat', seatsAt(quietAt - 1, free(0))],
      ['no room', readNone('missing', quietAt - 1)],
      ['a room without seats', readNone('disabled', quietAt - 1)],
    ])('decides nothing by %s: the call may still take effect', (_, reading) => {
      expect(concluded([unknown()], reading)).toEqual({ kind: 'read', notBefore: quietAt });
    });
  });

  describe('a read that started at the quiet time or later', () => {
    const at = (...seats: ReadSeat[]): Reading => seatsAt(quietAt, ...seats);

    it.each<[string, Reading, string, number | null, string | null]>([
      ['the member there', at(held(1, 'user2')), 'done', null, null],
      ['the member elsewhere', at(held(0, 'user2'), free(1)), 'rejected already-seated', 100203, 'user2'],
      [
        'the member elsewhere, another there',
        at(held(0, 'user2'), held(1, 'user7')),
        'rejected already-seated',
        100203,
        'user2',
      ],
      ['another there', at(held(1, 'user7')), 'rejected seat-occupied', 100210, 'user7'],
      ['the seat locked', at(locked(1)), 'rejected seat-locked', 100200, null],
      ['no such seat', at(free(0)), 'rejected no-such-seat', 100002, null],
      ['no room', readNone('missing', quietAt), 'rejected room-not-found', 100004, null],
      ['a room without seats', readNone('disabled', quietAt), 'rejected seats-disabled', 100211, null],
    ])('finds %s', (_, reading, words, code, occupant) => {
      const conclusion = concluded([unknown()], reading, { now: quietAt + 40 });
      expect(inWords(conclusion)).toBe(words);
      expect(conclusion).toMatchObject({
        ending: {
          code,
          decidedBy: 'read-back',
          tencentRequestId: null,
          evidence: { source: 'read', ageMs: 10, readAt: quietAt + 30, occupant },
        },
      });
    });

    it('finds the member nowhere, the seat free and time left: another attempt, at once', () => {
      const now = deadline - 1;
      expect(concluded([unknown()], at(free(0), free(1)), { now })).toEqual({
        kind: 'repeat',
        notBefore: now,
      });
    });

    it('finds the member nowhere and no time left: expired, on the evidence of the read', () => {
      expect(concluded([unknown()], at(free(1)), { now: deadline })).toMatchObject({
        ending: {
          status: 'expired',
          reason: 'deadline-passed',
          decidedBy: 'read-back',
          evidence: { source: 'read', readAt: quietAt + 30 },
        },
      });
    });

    it('takes an empty list for a room where nobody sits', () => {
      expect(inWords(concluded([unknown()], at()))).toMatch(/^repeat/);
    });
  });

  it('concludes from a good read even when it comes after the time to give up', () => {
    expect(inWords(concluded([unknown()], seatsAt(giveUpAt, held(1, 'user7')), { now: giveUpAt + 30 }))).toBe(
      'rejected seat-occupied',
    );
  });

  it.each<[string, Reading | null]>([
    ['there was no read', null],
    ['the last read said nothing', unusable(giveUpAt - 1_000)],
    ['the last read was too early to prove anything', seatsAt(quietAt - 1, free(1))],
  ])('ends as unconfirmed at the time to give up, and not earlier, when %s', (_, reading) => {
    const answer = unknown({ code: 60008, tencentRequestId: 'Id-3-O-Seq-3' });
    expect(inWords(concluded([answer], reading, { now: giveUpAt - 1 }))).toMatch(/^read/);
    expect(concluded([answer], reading, { now: giveUpAt })).toEqual({
      kind: 'settle',
      ending: {
        status: 'unconfirmed',
        reason: 'no-usable-read',
        code: 60008,
        message: reasons['no-usable-read'].meaning,
        decidedBy: 'read-back',
        evidence: null,
        tencentRequestId: 'Id-3-O-Seq-3',
      },
    });
  });

  it('is never repeated or settled by the deadline alone', () => {
    expect(inWords(concluded([unknown()], null, { now: deadline + 1 }))).toMatch(/^read/);
  });

  it('is not taken for settled by a definite answer to an earlier attempt', () => {
    expect(inWords(concluded([later(), unknown()]))).toBe('read at 2000');
    expect(inWords(concluded([refused(100203, 'already-seated'), unknown()]))).toBe('read at 2000');
  });
});

describe('Tencent answered a code that is in no table', () => {
  const nothingThere = readOf([free(1)], quietAt);

  it('is read back like any unknown result, and is done if the member sits there', () => {
    expect(inWords(concluded([strange(99999)]))).toBe('read at 2000');
    expect(inWords(concluded([strange(99999)], readOf([held(1, 'user2')], quietAt)))).toBe('done');
  });

  it('gets one more attempt when no effect stands', () => {
    expect(inWords(concluded([strange(99999)], nothingThere))).toMatch(/^repeat/);
    expect(inWords(concluded([unknown(), strange(99999)], nothingThere))).toMatch(/^repeat/);
  });

  it('fails the second time, with the code and the request id of the last one', () => {
    expect(concluded([strange(99999), strange(88888)], nothingThere)).toMatchObject({
      ending: {
        status: 'failed',
        reason: 'unknown-code',
        code: 88888,
        decidedBy: 'read-back',
        tencentRequestId: 'Id-9-O-Seq-9',
        evidence: { source: 'read' },
      },
    });
  });

  it('is read back the second time, too', () => {
    expect(inWords(concluded([strange(99999), strange(99999)]))).toBe('read at 2000');
    expect(inWords(concluded([strange(99999), strange(99999)], readOf([free(1)], quietAt - 1)))).toBe(
      `read at ${quietAt - slotAt}`,
    );
  });
});
