import { BoundedLog } from './bounded-log.js';

/** One call as the twin saw it. Later facts are filled in as they happen; until then they are null. */
export interface CallRecord {
  readonly n: number;
  /** When its headers were seen: epoch milliseconds, and microseconds of the machine's monotonic clock. */
  readonly arrivedAt: number;
  readonly arrivedMicros: number;
  /** With its service; null when the path names no known command. */
  readonly command: string | null;
  readonly sdkAppId: number | null;
  /** Passed the limit, so it was refused with 60007. */
  readonly overLimit: boolean;
  /** The parsed body; null when it is no JSON or never came in full. */
  body: unknown;
  /** Kind of the fault that it met. */
  fault: string | null;
  /** When it was executed, and the code that came of it; the caller may never have heard of it. */
  executedAt: number | null;
  resultCode: number | null;
  /** What the caller was told: when, with which status and code. Null where the connection was cut or held. */
  answeredAt: number | null;
  httpStatus: number | null;
  answerCode: number | null;
  readonly requestId: string;
}

/** Why something changed: the command, or what the control API did; and the number of the call, if it was one. */
export interface Cause {
  readonly by: string;
  readonly call: number | null;
}

/** Something that changed in a room. */
export interface Change {
  readonly kind:
    | 'room-created'
    | 'room-destroyed'
    | 'member-entered'
    | 'member-left'
    | 'seat-taken'
    | 'seat-left'
    | 'seat-locked'
    | 'seat-unlocked';
  readonly sdkAppId: number;
  readonly roomId: string;
  readonly index: number | null;
  readonly memberAccount: string | null;
}

/** A change with its number, its time (epoch milliseconds) and its cause. */
export type Effect = Change & Cause & { readonly n: number; readonly at: number };

/** The truth, for tests and checkers: every call and every effect, in order. */
export interface Journal {
  readonly calls: BoundedLog<CallRecord>;
  readonly effects: BoundedLog<Effect>;
}

/** An empty journal that keeps so many of the latest entries. */
export function openJournal(kept: { keptCalls: number; keptEffects: number }): Journal {
  return { calls: new BoundedLog(kept.keptCalls), effects: new BoundedLog(kept.keptEffects) };
}
