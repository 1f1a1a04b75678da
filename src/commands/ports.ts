import type { Answer, Reading, SeatCall } from '../seating/answer.js';
import type { Outcome } from '../seating/outcome.js';
import type { Evidence, Room } from '../seating/room.js';
import type { SeatRequest } from '../seating/seat-request.js';

/** Names a room of one Tencent application. */
export interface RoomKey {
  readonly sdkAppId: number;
  readonly roomId: string;
}

/**
 * Time. `now` is database time (epoch milliseconds) through a mapping onto this process's monotonic clock, so that rows
 * and outcomes of all instances agree; `monotonic` (milliseconds) never steps.
 */
export abstract class Clock {
  abstract now(): number;
  abstract monotonic(): number;
  /** Resolves after `ms` milliseconds of monotonic time, or as soon as the signal aborts. Never rejects. */
  abstract wait(ms: number, signal?: AbortSignal): Promise<void>;
}

/** An outcome as it goes to Kafka: encoded once, stored, and only ever published from what is stored. */
export interface OutcomeMessage {
  /** The record's key: the room. */
  readonly key: string;
  readonly value: Buffer;
  /** CloudEvents headers, encoded; opaque to everybody but the publisher. */
  readonly headers: Buffer;
}

/** Kafka out. */
export abstract class OutcomePublisher {
  /** Outcome → stored bytes. Pure: the same outcome gives the same bytes. */
  abstract encode(outcome: Outcome): OutcomeMessage;
  /** Resolves once all in-sync replicas hold the message; repeats by itself until then; order of calls is kept. */
  abstract publish(message: OutcomeMessage): Promise<void>;
}

/**
 * A committed intent to call, written before the call. `sendBy` and `quietAt` are database time;
 * after `quietAt` nothing of the call can take effect any more, and every read shows its effect.
 */
export interface Claim {
  /** 1 for the first call of a request. */
  readonly attempt: number;
  /** Proves ownership: whoever releases, repeats or settles a claim names the nonce that stands. */
  readonly nonce: string;
  readonly call: SeatCall;
  readonly slot: Slot;
  readonly quietAt: number;
}

/** A place in the budget. Send at `at`, never after `sendBy` (both database time; `monotonicAt` is `at` on this process's clock). */
export interface Slot {
  readonly at: number;
  readonly sendBy: number;
  readonly monotonicAt: number;
  readonly monotonicSendBy: number;
}

/** What the records already hold under a request's id. */
export type KnownRequest =
  | { readonly state: 'settled'; readonly message: OutcomeMessage }
  /** The same id with other content. */
  | { readonly state: 'reused' }
  /** A call is out, or was when its owner died. */
  | { readonly state: 'claimed'; readonly claim: OpenClaim }
  /** Answered "later": no call is out, the next attempt is due. */
  | { readonly state: 'released'; readonly claim: OpenClaim };

/** A claim read back from the records: what its next owner needs to finish the request. */
export interface OpenClaim {
  readonly attempt: number;
  readonly nonce: string;
  readonly call: SeatCall;
  readonly slotAt: number;
  readonly quietAt: number;
  /** What Tencent answered to earlier attempts, oldest first. */
  readonly answers: readonly Answer[];
}

/** Where the time of a request went, in milliseconds; for analysts. */
export interface Waits {
  readonly rivalMs: number;
  readonly budgetMs: number;
  readonly retryMs: number;
  readonly callMs: number;
}

/** One outcome, ready to be recorded. */
export interface Settlement {
  readonly request: SeatRequest;
  readonly outcome: Outcome;
  readonly message: OutcomeMessage;
  readonly waits: Waits;
}

/** What a claim was answered with: kept with the claim, in the attempts and, where it tells something, in the mirror. */
export interface Answers {
  readonly answers: readonly Answer[];
  readonly reading: Reading | null;
}

/** A piece of evidence chosen to be put to the test: its prediction is sent to Tencent instead of recorded. */
export interface Sample {
  readonly fact: 'seat' | 'room' | 'member';
  readonly index: number | null;
  readonly memberAccount: string | null;
  readonly evidence: Evidence;
}

/** Postgres: the one row a request, the mirror, the budget and the audit. */
export abstract class SeatRecords {
  /** What is recorded under the request's id; null when it is new. */
  abstract find(request: SeatRequest): Promise<KnownRequest | null>;

  /** The room as the mirror has it now. */
  abstract room(room: RoomKey): Promise<Room>;

  /**
   * Settles a request that made no call. `roomVersion` names the version the decision was made from, null where it used
   * none. `stale`: the room has changed since, decide again. `known`: the id is recorded already, look again.
   */
  abstract recordPrediction(settlement: Settlement, roomVersion: number | null): Promise<'recorded' | 'stale' | 'known'>;

  /**
   * Waits for this request's turn, then reserves a slot and commits the claim in one statement.
   * `prior` is the claim to be followed by another attempt (same attempt number when it was never sent).
   * `known`: somebody else's row stands, look again. `rival`: another request's open claim wants the same seat or member.
   * `spent`: the sample was drawn by somebody else meanwhile, decide again. `aborted`: the signal came first.
   */
  abstract claim(
    request: SeatRequest,
    call: SeatCall,
    options: { readonly prior: { claim: OpenClaim; unsent: boolean } | null; readonly sample: Sample | null; readonly signal: AbortSignal },
  ): Promise<{ readonly kind: 'claimed'; readonly claim: Claim } | { readonly kind: 'known' | 'rival' | 'spent' | 'aborted' }>;

  /** Keeps a "later" answer and gives the claim up until the next attempt. `lost`: another owner was faster. */
  abstract release(claim: OpenClaim, request: SeatRequest, answer: Answer): Promise<OpenClaim | 'lost'>;

  /** Settles a claimed or released request, with what the answers and the reading tell the mirror. `lost`: another owner was faster. */
  abstract settle(claim: OpenClaim, settlement: Settlement, told: Answers): Promise<'recorded' | 'lost'>;

  /** Waits for a turn in the budget of reads, and notes the attempt. */
  abstract claimRead(room: RoomKey, purpose: 'read-back', signal: AbortSignal): Promise<{ readonly nonce: string; readonly slot: Slot } | 'aborted'>;

  /** What a read found, for the mirror and the attempts. */
  abstract observe(room: RoomKey, nonce: string, reading: Reading): Promise<void>;

  /** What became of a call whose request is not settled by it (never sent, unknown): for the attempts alone. */
  abstract noteAnswer(claim: Claim, request: SeatRequest, answer: Answer): Promise<void>;

  /** Notes when the outcome was acknowledged by Kafka; for analysts, losing one is harmless. */
  abstract notePublished(request: SeatRequest, publishedAt: number): void;

  /** All budgets of the application stop for `ms` and go on slower: Tencent said that it is too much. */
  abstract slowDown(sdkAppId: number, ms: number): Promise<void>;
}

/** Tencent's Room Engine. */
export abstract class RoomEngine {
  /** Sends at the slot, or not at all (`unsent`). Never rejects. */
  abstract call(call: SeatCall, slot: Slot): Promise<Answer>;
  /** Reads the seats of a room at the slot, or not at all. Never rejects. */
  abstract readSeats(room: RoomKey, slot: Slot): Promise<Reading>;
}
