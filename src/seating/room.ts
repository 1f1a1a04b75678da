/** Where a fact comes from: an answer to our own call, a refusal that implies it, or a read of the seats. */
export type EvidenceSource = 'own-call' | 'rejection' | 'read';

/**
 * Why a fact is believed. The fact held at some moment of the interval `from … to` (epoch milliseconds, database clock):
 * an answer covers [sent, received]; a read covers [start − staleness of Tencent's reads, end].
 */
export interface Evidence {
  readonly source: EvidenceSource;
  readonly from: number;
  readonly to: number;
  /**
   * The draw of the sampling, in [0, 1), made once when the evidence was written: below the configured share, the first
   * prediction from it is sent to Tencent anyway. Null once that prediction was sent.
   */
  readonly draw: number | null;
}

/** One seat as last known. `occupant` is null when a refusal told that somebody sits there but not who. */
export type Seat =
  | { readonly state: 'free'; readonly evidence: Evidence }
  | { readonly state: 'held'; readonly occupant: string | null; readonly evidence: Evidence }
  | { readonly state: 'locked'; readonly evidence: Evidence }
  | { readonly state: 'unknown' };

/** A room as the mirror has it, at one version. Facts that nobody has seen are null or absent. */
export interface Room {
  /** Rises whenever a fact changes; a prediction is recorded only while it is unchanged. 0: nothing is known. */
  readonly version: number;
  readonly existence: { readonly state: 'exists' | 'missing'; readonly evidence: Evidence } | null;
  readonly seatsDisabled: Evidence | null;
  /** Tencent said that no seat is left (100205). */
  readonly full: Evidence | null;
  readonly seatCount: { readonly count: number; readonly evidence: Evidence } | null;
  readonly seats: ReadonlyMap<number, Seat>;
  /** Accounts that Tencent said are not in the room (100005). */
  readonly absent: ReadonlyMap<string, Evidence>;
}

/** How old evidence may be to predict anything, in milliseconds, and what share of it is put to the test. */
export interface Freshness {
  readonly seats: number;
  /** "Room not found" and "not a member": rooms are re-created and members enter, so at most a second. */
  readonly absence: number;
  /** 0 … 1. */
  readonly auditShare: number;
}

/** An empty room: what the mirror says of a room it never heard of. */
export const unknownRoom: Room = {
  version: 0,
  existence: null,
  seatsDisabled: null,
  full: null,
  seatCount: null,
  seats: new Map(),
  absent: new Map(),
};
