import type { Reading, ReadSeat, SentAnswer } from '../../src/seating/answer.js';
import type { CallHistory, Conclusion } from '../../src/seating/call-history.js';
import { conclude } from '../../src/seating/conclude.js';
import { reasons } from '../../src/seating/reasons.js';
import {
  free,
  held,
  later,
  locked,
  readNone,
  readOf,
  refused,
  strange,
  unknown,
  unusable,
} from '../support/builders/answers.js';
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
          evidence: { source: 'read', ageMs: 70, readAt: slotAt + 2_030, occupant: 'user2' },
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
      ['the member there', at(held(1, 'user2')), 'done', null, 'user2'],
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
