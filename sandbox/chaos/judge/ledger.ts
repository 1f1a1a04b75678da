import type { CallRecord } from '../../twin/journal.js';
import type { ClaimSeen, History, RecordedRow, TopicMessage } from '../history.js';
import type { Ask } from './ask.js';
import type { Paired } from './pairing.js';
import { readAsked } from './read-asked.js';
import type { OddMessage } from './read-asked.js';
import { readAnswered } from './read-answered.js';
import { readTwin } from './read-twin.js';
import type { Outcome } from './read-outcome.js';
import type { RoomTruth } from './room-truth.js';

/** A whole campaign, each thing where the judges look for it. */
export interface Ledger {
  readonly history: History;
  readonly asks: readonly Ask[];
  readonly asksById: ReadonlyMap<string, readonly Ask[]>;
  readonly odd: readonly OddMessage[];
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Messages of the outcome topic that are no outcomes. */
  readonly noOutcomes: readonly TopicMessage[];
  readonly rows: ReadonlyMap<string, readonly RecordedRow[]>;
  /** By `partition/offset` of the message that they bury. */
  readonly deadLetters: ReadonlyMap<string, readonly TopicMessage[]>;
  readonly rooms: ReadonlyMap<string, RoomTruth>;
  /** Reads of the seats by room, by arrival. */
  readonly reads: ReadonlyMap<string, readonly CallRecord[]>;
  /** Calls that are no read, and the claims of anything that is no request's, paired; by room, or by command where a call's body never came. */
  readonly others: readonly Paired[];
  /** Calls for a member on a seat that nobody asked for. */
  readonly strays: readonly CallRecord[];
  /** Claims for requests that nobody made. */
  readonly strayClaims: readonly ClaimSeen[];
}

/** History → ledger. */
export function openLedger(history: History): Ledger {
  const asked = readAsked(history.requests);
  const answered = readAnswered(history, asked.asksById);
  return { history, ...asked, ...answered, ...readTwin(history, asked.asks, asked.asksById) };
}
