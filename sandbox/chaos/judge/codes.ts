import type { CallRecord } from '../../twin/journal.js';

/** Tencent's refusals that prove that nothing was done and nothing will be (see its pages on errors). */
const refusals: ReadonlySet<number> = new Set([
  10003, 10004, 10007, 10010, 10019, 60002, 60003, 60006, 60009, 60010, 60012, 60025, 60026, 70009, 70013,
  70014, 70020, 70107, 100002, 100004, 100005, 100006, 100016, 100200, 100201, 100202, 100203, 100205, 100206,
  100210, 100211,
]);

/** Refused for now, and worth the same call again a little later. */
const postponements: ReadonlySet<number> = new Set([
  10006, 60004, 60005, 60007, 60011, 60018, 60019, 70001, 70002, 70003, 70050, 70052, 100012, 100102,
]);

/**
 * How the caller was told what became of a call: `done`, `refused` (nothing was done), `later` (nothing was done, the same
 * call is invited), or `unknown`: not told in time, not in full, or in words that leave it open.
 */
export type Told = 'done' | 'refused' | 'later' | 'unknown';

/** What the caller may rely on, `timeoutMs` being its patience. */
export function toldOf(call: CallRecord, timeoutMs: number): Told {
  const { answeredAt, arrivedAt, httpStatus, answerCode, fault } = call;
  if (answeredAt === null || answeredAt - arrivedAt > timeoutMs) return 'unknown';
  if (httpStatus === 429) return 'later';
  if (httpStatus !== null && httpStatus >= 400 && httpStatus < 500 && httpStatus !== 408) return 'refused';
  if (httpStatus !== 200 || answerCode === null || fault === 'fail-status') return 'unknown';
  if (answerCode === 0) return 'done';
  if (refusals.has(answerCode)) return 'refused';
  return postponements.has(answerCode) ? 'later' : 'unknown';
}
