import type { Reason } from './reasons.js';

/** What is asked of Tencent for a request: seat this member there. */
export interface SeatCall {
  readonly command: 'pick';
  readonly sdkAppId: number;
  readonly roomId: string;
  readonly memberAccount: string;
  readonly index: number;
}

interface Answered {
  /** Tencent's code; null where no readable answer came. */
  readonly code: number | null;
  /** Tencent's own words or ours, without secrets. */
  readonly message: string;
  readonly httpStatus: number | null;
  /** Quote it in a support ticket. */
  readonly tencentRequestId: string | null;
  /** Epoch milliseconds, database clock: the call left at `sentAt`, the answer or the giving-up came at `answeredAt`. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

/**
 * What became of one call. A closed set:
 * - `done`: it took effect.
 * - `refused`: it took no effect, for a reason that repeating cannot mend. `failed` tells a fault of configuration from a rejection.
 * - `later`: it took no effect and may be repeated after `waitMs`; `pause` tells that the whole application must slow down.
 *   `repeats` bounds how often; null means until the deadline.
 * - `unknown`: it may have taken effect, now or within Tencent's own time limit. `strange` marks a code that is in no table.
 * - `unsent`: it never reached Tencent, provably.
 */
export type Answer =
  | (Answered & { readonly kind: 'done' })
  | (Answered & { readonly kind: 'refused'; readonly reason: Reason; readonly failed: boolean })
  | (Answered & {
      readonly kind: 'later';
      readonly waitMs: number;
      readonly repeats: number | null;
      readonly pause: boolean;
      readonly reason: Reason;
    })
  | (Answered & { readonly kind: 'unknown'; readonly strange: boolean })
  | { readonly kind: 'unsent'; readonly message: string };

/** An answer to a call that was sent, or may have been. */
export type SentAnswer = Exclude<Answer, { kind: 'unsent' }>;

/** One seat in a reading of Tencent's seat list. */
export interface ReadSeat {
  readonly index: number;
  readonly occupant: string | null;
  readonly locked: boolean;
}

/** What a read of the seats found. `missing`: no such room; `disabled`: the room has no seats; `unusable`: no answer to rely on. */
export type Reading =
  | (Answered & { readonly kind: 'seats'; readonly seats: readonly ReadSeat[] })
  | (Answered & { readonly kind: 'missing' })
  | (Answered & { readonly kind: 'disabled' })
  | (Answered & { readonly kind: 'unusable'; readonly waitMs: number; readonly pause: boolean })
  | { readonly kind: 'unsent'; readonly message: string };

/** Tencent gives every request up after 3 s; half a second more for the way there. */
const answerWithinMs = 3_500;

/**
 * The latest moment of which an answer can tell, epoch milliseconds. A process that was stopped takes an answer out of its
 * socket long after it was given: what it says is not newer for that.
 */
export function tellsOf({ sentAt, answeredAt }: { sentAt: number; answeredAt: number }): number {
  return Math.min(answeredAt, sentAt + answerWithinMs);
}

/** What stands for the answer to a call whose owner died between its claim and the record: it may have gone out at its slot. */
export function neverTold(slotAt: number): SentAnswer {
  const message = 'the instance that made the call ended before it could record the answer';
  const nothing = { code: null, httpStatus: null, tencentRequestId: null };
  return { kind: 'unknown', strange: false, message, ...nothing, sentAt: slotAt, answeredAt: slotAt };
}
