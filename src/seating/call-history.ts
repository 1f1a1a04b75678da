import type { Reading, SeatCall, SentAnswer } from './answer.js';
import type { Ending } from './outcome.js';

/** All that is known of a call. Times are epoch milliseconds on the database's clock. */
export interface CallHistory {
  readonly call: SeatCall;
  /**
   * What was answered to the calls that were sent, oldest first; empty when none was. A call whose owner died before it
   * could tell counts as answered `unknown`; one that provably never left does not count at all.
   */
  readonly answers: readonly SentAnswer[];
  /** The newest read of the seats since the call; null when there was none. */
  readonly reading: Reading | null;
  /** The slot of the last call that was sent. */
  readonly slotAt: number;
  /** From here on nothing of the call can still take effect, and every read shows its effect. */
  readonly quietAt: number;
  readonly deadline: number;
  /** No usable read by then: give up. */
  readonly giveUpAt: number;
  readonly now: number;
}

/** What to do after a call: the request has ended; read the seats, not before; or make another attempt, not before. */
export type Conclusion =
  | { readonly kind: 'settle'; readonly ending: Ending }
  | { readonly kind: 'read'; readonly notBefore: number }
  | { readonly kind: 'repeat'; readonly notBefore: number };
