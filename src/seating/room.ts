/** Where a fact comes from: an answer to our own call, a refusal that implies it, or a read of the seats. */
export type EvidenceSource = 'own-call' | 'rejection' | 'read';

/** How far Tencent's reads may lag behind its writes, in milliseconds. Not documented; a comparable product lags 2 s. */
export const readStalenessMs = 2000;

/**
 * Why a fact is believed. It held at some moment of `from … to` (epoch milliseconds, database clock): an answer covers
 * [sent, received], a read covers [start − staleness of Tencent's reads, end].
 */
export interface Evidence {
  readonly source: EvidenceSource;
  readonly from: number;
  readonly to: number;
}

/** What a fact is about. `index` is -1 and `memberAccount` empty where they do not apply. */
export interface FactKey {
  readonly subject: 'room' | 'seating' | 'fullness' | 'seat-count' | 'seat' | 'member';
  readonly index: number;
  readonly memberAccount: string;
}

/**
 * One thing known of a room.
 *
 * | subject | state | |
 * |---|---|---|
 * | room | exists, missing | |
 * | seating | enabled, disabled | whether the room has seats at all |
 * | fullness | full, open | whether any seat is free |
 * | seat-count | a number | seats 0 … n − 1 |
 * | seat | free, held, locked | `occupant`: who holds it; null: somebody |
 * | member | present, absent | whether the account is in the room |
 *
 * `unknown` anywhere: two pieces of evidence contradict each other; it predicts nothing.
 */
export interface Fact extends FactKey {
  readonly state: string;
  readonly occupant: string | null;
  readonly evidence: Evidence;
}

/** A fact as the mirror holds it. */
export interface KnownFact extends Fact {
  /** Rises whenever state or occupant change; a prediction is recorded only while it is unchanged. */
  readonly version: number;
  /**
   * The draw of the sampling, in [0, 1), made once when the state was first seen: below the configured share, the first
   * prediction from it is sent to Tencent anyway. Null once that was done.
   */
  readonly draw: number | null;
}

/** A room as the mirror has it: facts by subject. What nobody has seen is null or absent. */
export interface Room {
  readonly existence: KnownFact | null;
  readonly seating: KnownFact | null;
  readonly fullness: KnownFact | null;
  readonly seatCount: KnownFact | null;
  readonly seats: ReadonlyMap<number, KnownFact>;
  readonly members: ReadonlyMap<string, KnownFact>;
}

/** How old evidence may be to predict anything, in milliseconds, and what share of it is put to the test. */
export interface Freshness {
  readonly seatsMs: number;
  /** "Room not found" and "not a member": rooms are re-created and members enter. */
  readonly absenceMs: number;
  /** 0 … 1. */
  readonly auditShare: number;
}

/** Facts → room. */
export function roomOf(facts: Iterable<KnownFact>): Room {
  const only = new Map<string, KnownFact>();
  const seats = new Map<number, KnownFact>();
  const members = new Map<string, KnownFact>();
  for (const fact of facts) {
    if (fact.subject === 'seat') seats.set(fact.index, fact);
    else if (fact.subject === 'member') members.set(fact.memberAccount, fact);
    else only.set(fact.subject, fact);
  }
  return {
    existence: only.get('room') ?? null,
    seating: only.get('seating') ?? null,
    fullness: only.get('fullness') ?? null,
    seatCount: only.get('seat-count') ?? null,
    seats,
    members,
  };
}
