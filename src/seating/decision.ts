import type { SeatCall } from './answer.js';
import type { Ending } from './outcome.js';
import type { Reason } from './reasons.js';
import type { Freshness, KnownFact, Room } from './room.js';

/** What a rule sees: the room as the mirror has it, the time (epoch milliseconds), and how old evidence may be. */
export interface Sight {
  readonly room: Room;
  readonly now: number;
  readonly freshness: Freshness;
}

/**
 * What a rule says: settle now, or make this call.
 * `premise` is the fact that the ending rests on (null: it rests on none); it must still stand when the ending is recorded.
 * `sample` tells that the mirror would have refused, for that reason and from that fact, and is being put to the test.
 */
export type Decision =
  | { readonly kind: 'settle'; readonly ending: Ending; readonly premise: KnownFact | null }
  | { readonly kind: 'call'; readonly call: SeatCall; readonly sample: Sample | null };

/** A prediction that is sent to Tencent instead of being recorded. */
export interface Sample {
  readonly fact: KnownFact;
  readonly reason: Reason;
}

/** A rule for one kind of request, bound to the request. */
export type Rule = (sight: Sight) => Decision;
