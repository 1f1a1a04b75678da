import type { CallRecord, Effect } from '../../twin/journal.js';
import type { ClaimSeen, TopicMessage } from '../history.js';
import type { Paired } from './pairing.js';
import type { Outcome } from './read-outcome.js';
import type { ReadAsk } from './read-request.js';

/** A seat that a call of the request took, and when the member lost it again (Infinity: never). */
export interface Take {
  readonly effect: Effect;
  readonly call: CallRecord;
  readonly leftAt: number;
}

/** One request, whatever number of messages carried it, with all that came of it. */
export interface Ask extends ReadAsk {
  /** In topic order; all of the same content. */
  readonly messages: [TopicMessage, ...TopicMessage[]];
  /** The request's outcome, if it answers this content: of several contents under one id only one is answered. */
  outcome: Outcome | null;
  /** By arrival. */
  readonly calls: CallRecord[];
  /** By slot. */
  readonly claims: ClaimSeen[];
  paired: Paired;
  readonly takes: Take[];
  /** Another request wants the same member on the same seat of the same room: whose call was whose cannot be told. */
  shared: boolean;
}
