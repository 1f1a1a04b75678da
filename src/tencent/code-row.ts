import type { Reason } from '../seating/reasons.js';

/**
 * What one of Tencent's codes means for us, and what follows:
 * - `ok`: the call took effect.
 * - `business`: no effect; `reason` is told to whoever asked.
 * - `configuration`: no effect, and none before a person mends our set-up or our code; the request ends as `failed`.
 * - `rate`, `auth`, `retry`: refused before it was carried out, to be repeated after `waitMs`, at most `repeats` times
 *   (null: until the deadline), then ended for `reason`. `rate` slows the whole application, `auth` renews the signature.
 * - `ambiguous`: it may have taken effect, now or later; read before repeating.
 */
export type CodeRow =
  | { readonly class: 'ok' | 'ambiguous'; readonly meaning: string }
  | { readonly class: 'business' | 'configuration'; readonly reason: Reason; readonly meaning: string }
  | {
      readonly class: 'rate' | 'auth' | 'retry';
      readonly reason: Reason;
      readonly waitMs: number;
      readonly repeats: number | null;
      readonly meaning: string;
    };

/** The classes of the table, and nothing else. */
export type CodeClass = CodeRow['class'];

/** No effect stands; the request ends for this reason. */
export function business(reason: Reason, meaning: string): CodeRow {
  return { class: 'business', reason, meaning };
}

/** No effect stands, and a person must mend the application, its key, its plan or our code. */
export function configuration(meaning: string, reason: Reason = 'misconfigured'): CodeRow {
  return { class: 'configuration', reason, meaning };
}

/** Too fast: the whole application waits. */
export function rate(waitMs: number, meaning: string): CodeRow {
  return { class: 'rate', reason: 'deadline-passed', waitMs, repeats: null, meaning };
}

/** The gateway did not accept the signature: once more with a new one, and then it is the set-up. */
export function auth(meaning: string): CodeRow {
  return { class: 'auth', reason: 'misconfigured', waitMs: 0, repeats: 1, meaning };
}

/** Nobody knows whether it took effect. */
export function ambiguous(meaning: string): CodeRow {
  return { class: 'ambiguous', meaning };
}
