import type { ReadMessage } from '../support/stage/topic-reader.js';
import type { CrashPoint } from './point.js';
import type { Standing } from './standing.js';
import type { CrashSignal } from './victim.js';

/** What became of one crash. */
export interface Crash {
  readonly point: CrashPoint;
  readonly signal: CrashSignal;
  /** What stood when the instance was down; null: it never came to its point. */
  readonly stood: Standing | null;
  /** What stands when a successor has finished. */
  readonly ended: Standing | null;
  /** Every copy of the outcome, or of the dead letter. */
  readonly copies: readonly ReadMessage[];
  /** Rows of the request in the history. */
  readonly recorded: number;
}
