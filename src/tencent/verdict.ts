import type { Answer, Reading } from '../seating/answer.js';
import type { CodeClass, CodeRow } from './code-row.js';
import { ambiguous, configuration, rate } from './code-row.js';
import { openEnvelope } from './envelope.js';
import { rowOf } from './error-codes.js';
import type { Exchange } from './exchange.js';
import { redact } from './redact.js';
import { seatsOf } from './seat-list.js';

/** What an answer carries whatever it says. */
type Told = Pick<
  Extract<Answer, { kind: 'done' }>,
  'code' | 'message' | 'httpStatus' | 'tencentRequestId' | 'sentAt' | 'answeredAt'
>;

/** An exchange that left this machine, judged. `strange`: the code is in no table. */
export interface Verdict {
  readonly row: CodeRow;
  readonly strange: boolean;
  readonly told: Told;
  readonly payload: unknown;
}

/** For the metrics: the classes of the table, and what no table has. */
export type VerdictClass = CodeClass | 'strange';

/** After an answer that says nothing about when to read again: soon if the server stumbled, later if a person must act. */
const readAgainMs = { ambiguous: 500, business: 2_000, configuration: 5_000, ok: 2_000 } as const;

const unreadable = ambiguous('the answer could not be read');
const contradictory = ambiguous('the answer contradicts itself: code 0 without OK');

/** Exchange → verdict. `secrets` are hidden from Tencent's own words. */
export function judge(exchange: Exclude<Exchange, { kind: 'unsent' }>, secrets: readonly string[]): Verdict {
  const { sentAt, answeredAt } = exchange;
  const told = { code: null, message: '', httpStatus: null, tencentRequestId: null, sentAt, answeredAt };
  if (exchange.kind === 'silent') return verdict(ambiguous(exchange.message), told);
  const { status, body } = exchange;
  if (status !== 200) return verdict(rowOfStatus(status), { ...told, httpStatus: status });
  const envelope = openEnvelope(body);
  if (!envelope) return verdict(unreadable, { ...told, httpStatus: status });
  const { code, info, requestId, ok, payload } = envelope;
  const tencentRequestId = requestId === null ? null : redact(requestId, secrets);
  const answered = { ...told, code, httpStatus: status, message: redact(info, secrets), tencentRequestId };
  const row = rowOf(code);
  if (!row) return { ...verdict(ambiguous('a code in no table'), answered), strange: true };
  return { ...verdict(row.class === 'ok' && !ok ? contradictory : row, answered), payload };
}

/** The class under which a verdict is counted. */
export function classOf({ row, strange }: Verdict): VerdictClass {
  return strange ? 'strange' : row.class;
}

/** What the verdict means for a call. */
export function answerOf({ row, strange, told }: Verdict): Answer {
  switch (row.class) {
    case 'ok':
      return { kind: 'done', ...told };
    case 'business':
    case 'configuration':
      return { kind: 'refused', ...told, reason: row.reason, failed: row.class === 'configuration' };
    case 'rate':
    case 'auth':
    case 'retry': {
      const { waitMs, repeats, reason } = row;
      return { kind: 'later', ...told, waitMs, repeats, reason, pause: row.class === 'rate' };
    }
    case 'ambiguous':
      return { kind: 'unknown', ...told, strange };
  }
}

/** What the verdict means for a read of the seats. */
export function readingOf({ row, told, payload }: Verdict): Reading {
  if (told.code === 100004) return { kind: 'missing', ...told };
  if (told.code === 100211) return { kind: 'disabled', ...told };
  const seats = row.class === 'ok' ? seatsOf(payload) : null;
  if (seats) return { kind: 'seats', ...told, seats };
  const message = row.class === 'ok' ? 'the list of seats could not be understood' : told.message;
  const waitMs = 'waitMs' in row ? row.waitMs : readAgainMs[row.class];
  return { kind: 'unusable', ...told, message, waitMs, pause: row.class === 'rate' };
}

/** Nothing in front of Tencent's gateway says more than its status. */
function rowOfStatus(status: number): CodeRow {
  const meaning = `HTTP status ${status}`;
  if (status === 408) return ambiguous(meaning);
  if (status === 429) return rate(1_000, meaning);
  return status >= 400 && status < 500 ? configuration(meaning) : ambiguous(meaning);
}

/** Tencent's own words where it has any, else ours. */
function verdict(row: CodeRow, told: Told): Verdict {
  return { row, strange: false, told: { ...told, message: told.message || row.meaning }, payload: null };
}
