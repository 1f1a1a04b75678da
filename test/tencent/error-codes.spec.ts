import { reasons } from '../../src/seating/reasons.js';
import { errorCodes, rowOf } from '../../src/tencent/error-codes.js';
import { gatewayCodes } from '../../src/tencent/gateway-codes.js';
import { roomCodes } from '../../src/tencent/room-codes.js';

/** The codes as they stand in the notes on Tencent's API, section 3, by what has to become of them. */
const expected: Record<string, readonly number[]> = {
  ok: [0],
  ambiguous: [100001, 10002, 20004, 20005, 60008, 60013, 60014, 70169, 70202, 70401, 70500],
  'business room-not-found': [100004, 10010],
  'business not-a-member': [100005],
  'business seat-locked': [100200],
  'business seat-occupied': [100201, 100210],
  'business already-queued': [100202],
  'business already-seated': [100203],
  'business seats-full': [100205],
  'business not-seated': [100206, 100251],
  'business seats-disabled': [100211],
  'business account-unknown': [70107, 10019],
  'business invalid-request': [100002, 100015, 10004, 10015, 70402],
  'business not-allowed': [
    100003, 100006, 100008, 100009, 100010, 100011, 100016, 100017, 100018, 100019, 100020, 100204, 100400,
    100401, 100402, 100403, 100404, 100411, 100412, 100414, 100415, 100416, 100419, 100420, 100421, 100430,
    100431, 100500, 100501, 100502, 100503, 100504, 102001, 102002, 102004, 10009, 10013, 10014, 10021, 10025,
  ],
  'configuration not-allowed': [10007],
  'configuration misconfigured': [
    100007, 100013, 100300, 100301, 10003, 10026, 60002, 60003, 60006, 60009, 60010, 60012, 60015, 60016,
    60017, 60020, 60021, 60025, 60026, 60027, 60028, 70009, 70010, 70013, 70014, 70016, 70020, 70051, 70346,
    70347, 70348, 70398, 70399, 70404, 71000, 72000, 72001, 72002, 72011, 72012,
  ],
  'rate deadline-passed 1000 null': [
    10006, 60007, 60011, 60018, 60019, 72010, 100012, 100405, 100413, 100427,
  ],
  'rate deadline-passed 60000 null': [70050],
  'auth misconfigured 0 1': [70001, 70002, 70003, 70004, 70005, 70006, 70007, 70008, 70052],
  'auth misconfigured 1000 3': [60004, 60005],
  'retry already-queued 1000 3': [100102],
};

function described(code: number): string {
  const row = rowOf(code);
  if (!row) return 'in no table';
  const { class: kind, reason, waitMs, repeats } = { reason: '', waitMs: '', repeats: '', ...row };
  return [kind, reason, waitMs, repeats].map(String).join(' ').trim();
}

describe('the table of codes', () => {
  const cases = Object.entries(expected).flatMap(([what, codes]) =>
    codes.map((code) => [code, what] as const),
  );

  it.each(cases)('%i is %s', (code, what) => {
    expect(described(code)).toBe(what);
  });

  it('has the 135 codes of the notes, and no other', () => {
    expect(cases).toHaveLength(135);
    expect(Object.keys(errorCodes).map(Number).sort()).toEqual(cases.map(([code]) => code).sort());
  });

  it('has no code in both of its halves', () => {
    const halves = Object.keys(roomCodes).length + Object.keys(gatewayCodes).length;
    expect(halves).toBe(Object.keys(errorCodes).length);
  });

  it('says of every code what it means, and of every reason what to do', () => {
    for (const row of Object.values(errorCodes)) {
      expect(row.meaning).not.toBe('');
      if ('reason' in row) expect(reasons[row.reason].advice).toBeDefined();
    }
  });

  it('leaves out what it does not know, also codes that only client SDKs make up', () => {
    for (const code of [-1, -2344, 1, 100000, 100014, 100999, 60001, 70005.5, NaN])
      expect(rowOf(code)).toBeNull();
  });
});
