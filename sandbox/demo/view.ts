import type { PicturedRoom } from './room-picture.js';
import type { SeenOutcome } from './seen-outcome.js';
import type { Numbers } from './tally.js';

/** What the twin measured of the calls it got. */
export interface Calls {
  readonly made: number;
  /** The fullest sliding second, both ends counted, of any one command. */
  readonly worstSecond: number;
  /** Calls refused because the limit was passed. */
  readonly overLimit: number;
  /** Calls that seat somebody, in each of the last full seconds, the oldest first. */
  readonly perSecond: readonly number[];
}

/** A line of the list of what happened. */
export type Latest =
  | { readonly kind: 'outcome'; readonly outcome: SeenOutcome }
  | { readonly kind: 'dead-letter'; readonly reason: string; readonly detail: string }
  | { readonly kind: 'news'; readonly text: string };

/** Everything that a moment of the demo shows. */
export interface View {
  readonly uptimeMs: number;
  /** Null: until Ctrl-C. */
  readonly leftMs: number | null;
  readonly news: string | null;
  readonly rooms: readonly PicturedRoom[];
  readonly numbers: Numbers;
  readonly calls: Calls;
  /** The newest last. */
  readonly latest: readonly Latest[];
  /** What limits what this run proves; null where nothing does. */
  readonly caveat: string | null;
}

/** The contract with Tencent: calls a second, per application and command. */
export const budget = 200;

/** The share of all decisions by Tencent or the mirror that needed no call, in percent. */
export function savedPercent(saved: number, made: number): number {
  return saved + made === 0 ? 0 : Math.round((100 * saved) / (saved + made));
}
