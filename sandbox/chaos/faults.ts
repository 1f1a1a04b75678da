import type { Fault, FaultRule } from '../twin/faults.js';

/** Of all calls so many meet each of the faults. */
const share = 0.01;

const write = 'pick_user_on_seat';
const read = 'get_seat_list';

/** What a write can meet. Tencent's own limit of 3 s is kept: the service relies on it. */
const onWrites: readonly Fault[] = [
  { kind: 'answer-lost' },
  { kind: 'request-lost' },
  { kind: 'no-answer', executes: true },
  { kind: 'no-answer' },
  { kind: 'late', delayMs: 400, answer: 'cut' },
  { kind: 'late', delayMs: 2900, answer: 'cut' },
  { kind: 'late', delayMs: 2900, answer: 'after' },
  { kind: 'slow', latencyMs: 1200 },
  { kind: 'http-error', executes: true },
  { kind: 'http-error' },
  { kind: 'code', code: 100001, executes: true },
  { kind: 'code', code: 100001 },
  { kind: 'code', code: 199_999, executes: true },
  { kind: 'code', code: 199_999 },
  { kind: 'truncated' },
  { kind: 'truncated', cut: true },
];

const onReads: readonly Fault[] = [
  { kind: 'stale-read', stalenessMs: 2000 },
  { kind: 'stale-read', stalenessMs: 1000 },
  { kind: 'answer-lost' },
  { kind: 'no-answer' },
  { kind: 'slow', latencyMs: 1200 },
  { kind: 'http-error' },
  { kind: 'code', code: 100001 },
  { kind: 'truncated' },
];

/** The faults of a usual campaign. */
export const usualFaults: readonly FaultRule[] = [
  ...onWrites.map((fault) => ({ fault, command: write, share })),
  ...onReads.map((fault) => ({ fault, command: read, share })),
];

/** Writes that execute after their caller was cut off, as late as can be; the rest goes well. */
export const lateEffects: readonly FaultRule[] = [
  { fault: { kind: 'late', delayMs: 2900, answer: 'cut' }, command: write, share: 0.1 },
];

/** Writes whose answer is lost, executed or not. */
export const lostAnswers: readonly FaultRule[] = [
  { fault: { kind: 'answer-lost' }, command: write, share: 0.05 },
  { fault: { kind: 'request-lost' }, command: write, share: 0.05 },
];

/** Tencent says once that it is too much. */
export const tooMuch: FaultRule = { fault: { kind: 'code', code: 60007 }, command: write, times: 1 };
