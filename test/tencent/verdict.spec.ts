import fc from 'fast-check';
import type { Answer, Reading } from '../../src/seating/answer.js';
import { errorCodes } from '../../src/tencent/error-codes.js';
import { answerOf, classOf, judge, readingOf } from '../../src/tencent/verdict.js';

const sent = { sentAt: 1_000, answeredAt: 1_030 };
const reply = (body: string | Buffer, status = 200) =>
  ({ kind: 'replied', ...sent, status, body: Buffer.from(body) }) as const;
const answerTo = (body: string | Buffer, status = 200): Answer => answerOf(judge(reply(body, status), []));
const readingTo = (body: string | Buffer, status = 200): Reading => readingOf(judge(reply(body, status), []));
const coded = (code: number | string, more = '"ActionStatus":"FAIL"') =>
  `{"ErrorCode":${code},"RequestId":"Id-1",${more}}`;

describe('an answer to a call', () => {
  it('is done only with code 0 and OK', () => {
    expect(answerTo(coded(0, '"ActionStatus":"OK"'))).toMatchObject({
      kind: 'done',
      code: 0,
      httpStatus: 200,
      tencentRequestId: 'Id-1',
      ...sent,
    });
    expect(answerTo(coded(0))).toMatchObject({ kind: 'unknown', code: 0, strange: false });
    expect(answerTo(coded(0, '"ErrorInfo":""'))).toMatchObject({ kind: 'unknown' });
  });

  it.each(
    Object.keys(errorCodes)
      .map(Number)
      .filter((code) => code !== 0),
  )('%i is no success, even beside OK', (code) => {
    const answer = answerTo(coded(code, '"ActionStatus":"OK"'));
    const kinds = {
      business: 'refused',
      configuration: 'refused',
      rate: 'later',
      auth: 'later',
      retry: 'later',
      ambiguous: 'unknown',
      ok: 'done',
    };
    const row = errorCodes[code as keyof typeof errorCodes];
    expect(answer.kind).not.toBe('done');
    expect(answer).toMatchObject({ kind: kinds[row.class], code });
    if (answer.kind === 'refused') expect(answer.failed).toBe(row.class === 'configuration');
    if (answer.kind === 'later') expect(answer.pause).toBe(row.class === 'rate');
    if (answer.kind === 'unknown') expect(answer.strange).toBe(false);
  });

  it.each([100999, -1, 1, 424242])('%i, in no table, is unknown and strange', (code) => {
    const verdict = judge(reply(coded(code)), []);
    expect(answerOf(verdict)).toMatchObject({ kind: 'unknown', strange: true, code });
    expect(classOf(verdict)).toBe('strange');
  });

  it.each([
    ['HTML', '<html>bad gateway</html>'],
    ['nothing', ''],
    ['half a body', '{"ErrorCode":0,"ActionSta'],
    ['a list', '[]'],
    ['null', 'null'],
    ['no code', '{"ActionStatus":"OK"}'],
    ['a code as text', coded('"0"', '"ActionStatus":"OK"')],
    ['a fraction', coded('0.5')],
    ['a number beyond all integers', coded('1e400')],
    ['two codes', '{"ErrorCode":100004,"ErrorCode":0,"ActionStatus":"OK"}'],
    ['invalid UTF-8', Buffer.from('{"ErrorCode":100004,"ErrorInfo":"\xff"}', 'latin1')],
  ])('is unknown where the body is %s', (_what, body) => {
    expect(answerTo(body)).toMatchObject({ kind: 'unknown', code: null, httpStatus: 200, strange: false });
  });

  it.each([400, 401, 403, 404, 405, 413, 451, 499])('HTTP %i is a fault of configuration', (status) => {
    expect(answerTo(coded(0, '"ActionStatus":"OK"'), status)).toMatchObject({
      kind: 'refused',
      failed: true,
      reason: 'misconfigured',
      code: null,
      httpStatus: status,
    });
  });

  it.each([408, 500, 502, 503, 504, 201, 204, 301, 302, 307])(
    'HTTP %i is unknown, whatever its body says',
    (status) => {
      expect(answerTo(coded(0, '"ActionStatus":"OK"'), status)).toMatchObject({
        kind: 'unknown',
        httpStatus: status,
      });
    },
  );

  it('HTTP 429 slows the application down', () => {
    expect(answerTo('', 429)).toMatchObject({ kind: 'later', pause: true, waitMs: 1_000, repeats: null });
  });

  it('is unknown where none came', () => {
    const answer = answerOf(judge({ kind: 'silent', ...sent, message: 'no answer within 5 ms' }, []));
    expect(answer).toMatchObject({
      kind: 'unknown',
      code: null,
      httpStatus: null,
      message: 'no answer within 5 ms',
      strange: false,
    });
  });

  it("tells Tencent's own words, else ours", () => {
    expect(answerTo(coded(100004, '"ErrorInfo":"room gone"'))).toMatchObject({ message: 'room gone' });
    expect(answerTo(coded(100004))).toMatchObject({ message: 'the room does not exist or was dissolved' });
  });

  it('never carries what Postgres refuses, nor a novel', () => {
    const answer = answerTo(coded(100004, `"ErrorInfo":"a\\u0000b\\ud800c${'😀'.repeat(400)}"`));
    expect(answer.message).toMatch(/^a b c(😀)+$/u);
    expect(answer.message.length).toBeLessThanOrEqual(300);
  });

  it('never throws, and is done only where the bytes say so', () => {
    const bodies = fc.oneof(
      fc.json().map((text) => Buffer.from(text)),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(bodies, fc.integer({ min: 100, max: 599 }), (body, status) => {
        expect(answerTo(body, status).kind).not.toBe('done');
        expect(readingTo(body, status).kind).toBe('unusable');
      }),
    );
  });
});

describe('an answer to a read', () => {
  const list =
    '"ActionStatus":"OK","Response":{"SeatList":[{"Index":0,"Member_Account":144115233775727695}]}';

  it('is seats, with accounts digit by digit', () => {
    expect(readingTo(coded(0, list))).toMatchObject({
      kind: 'seats',
      seats: [{ index: 0, occupant: '144115233775727695', locked: false }],
      ...sent,
    });
  });

  it('tells a missing room and one without seats', () => {
    expect(readingTo(coded(100004))).toMatchObject({ kind: 'missing', code: 100004 });
    expect(readingTo(coded(100211))).toMatchObject({ kind: 'disabled', code: 100211 });
  });

  it('takes an empty list as given', () => {
    expect(readingTo(coded(0, '"ActionStatus":"OK","Response":{"SeatList":[]}'))).toMatchObject({
      kind: 'seats',
      seats: [],
    });
  });

  it.each([
    ['no list', coded(0, '"ActionStatus":"OK"'), 200, false],
    ['a list beside FAIL', coded(0, list.replace('OK', 'FAIL')), 200, false],
    ['an internal error', coded(100001), 200, false],
    ['the group layer saying that its group is gone', coded(10010), 200, false],
    ['too many calls', coded(60007), 200, true],
    ['an expired signature', coded(70001), 200, false],
    ['a code in no table', coded(100999), 200, false],
    ['a gateway that is down', coded(0, list), 502, false],
    ['a gateway that limits', '', 429, true],
  ])('is unusable with %s', (_what, body, status, pause) => {
    expect(readingTo(body, status)).toMatchObject({ kind: 'unusable', pause });
  });

  it('waits a minute when the checks of the signature are locked out', () => {
    expect(readingTo(coded(70050))).toMatchObject({ kind: 'unusable', waitMs: 60_000, pause: true });
  });
});
