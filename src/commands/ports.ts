import type { Answer, Reading, SeatCall, SentAnswer } from '../seating/answer.js';
import type { Outcome } from '../seating/outcome.js';
import type { Freshness, KnownFact, Room } from '../seating/room.js';
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
export interface Claim extends OpenClaim {
  readonly slot: Slot;
}

/** A place in the budget. Send at `at`, never after `sendBy` (both database time; `monotonicAt` is `at` on this process's clock). */
export interface Slot {
  readonly at: number;
  readonly sendBy: number;
  readonly monotonicAt: number;
  readonly monotonicSendBy: number;
}

/** An outcome as it is recorded, with the arrival (epoch milliseconds) that names its day in the history. */
export interface RecordedOutcome {
  readonly message: OutcomeMessage;
  readonly receivedAt: number;
}

/** What the records already hold under a request's id. */
export type KnownRequest =
  | ({ readonly state: 'settled' } & RecordedOutcome)
  /** The same id with other content. */
  | { readonly state: 'reused' }
  /** A call is out, or was when its owner died. */
  | { readonly state: 'claimed'; readonly claim: OpenClaim }
  /** Answered "later": no call is out, the next attempt is due. */
  | { readonly state: 'released'; readonly claim: OpenClaim };

/** A claim as the records hold it: what any owner needs to finish the request. */
export interface OpenClaim {
  /** 1 for the first call of a request. */
  readonly attempt: number;
  /** Proves ownership: whoever releases, repeats or settles a claim names the nonce that stands. */
  readonly nonce: string;
  readonly call: SeatCall;
  readonly slotAt: number;
  readonly quietAt: number;
  /** What was answered to earlier attempts, oldest first. */
  readonly answers: readonly SentAnswer[];
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

/** A call that a request wants to make. */
export interface Intent {
  readonly request: SeatRequest;
  readonly call: SeatCall;
  /** The claim that this one follows: its next attempt, or the same one again where it was provably never sent. */
  readonly prior: { readonly claim: OpenClaim; readonly unsent: boolean } | null;
  /** The fact that is being put to the test by this call; its draw is spent with the claim. */
  readonly sample: KnownFact | null;
}

/** What came of asking for a claim. */
export type Claimed =
  | { readonly kind: 'claimed'; readonly claim: Claim }
  | { readonly kind: 'known' | 'rival' | 'spent' | 'aborted' };

/** How requests are settled here: what evidence may predict. */
export abstract class SettlingPolicy {
  abstract readonly freshness: Freshness;
}

/** Postgres: the one row a request, the mirror, the budget and the audit. */
export abstract class SeatRecords {
  /** What is recorded under the request's id; null when it is new. */
  abstract find(request: SeatRequest): Promise<KnownRequest | null>;

  /** The room as the mirror has it now. */
  abstract room(room: RoomKey): Promise<Room>;

  /**
   * Settles a request that made no call. `premise` is the fact that the ending rests on, null where it rests on none.
   * `stale`: the fact no longer stands, decide again. `known`: the id is recorded already, look again.
   */
  abstract record(settlement: Settlement, premise: KnownFact | null): Promise<'recorded' | 'stale' | 'known'>;

  /**
   * Waits for the request's turn, then reserves a slot and commits the claim, in one statement.
   * `known`: another row or another owner stands, look again. `rival`: another request's open claim wants the same seat or
   * member. `spent`: the sample was drawn by somebody else meanwhile, decide again. `aborted`: the signal came first.
   */
  abstract claim(intent: Intent, signal: AbortSignal): Promise<Claimed>;

  /**
   * Gives the claim up until the next attempt, keeping a "later" answer; `unsent`: the call provably never left, and the
   * attempt does not count. `lost`: another owner was faster.
   */
  abstract release(
    claim: OpenClaim,
    request: SeatRequest,
    answer: SentAnswer | 'unsent',
  ): Promise<OpenClaim | 'lost'>;

  /**
   * Settles a claimed or released request. `answer` is what this owner's last call was answered with, for the mirror and
   * the attempts; null where it made none. `lost`: another owner was faster, look again.
   */
  abstract settle(
    claim: OpenClaim,
    settlement: Settlement,
    answer: SentAnswer | null,
  ): Promise<'recorded' | 'lost'>;

  /** Waits for a turn in the budget of reads, and notes the attempt. */
  abstract claimRead(
    room: RoomKey,
    purpose: 'read-back',
    signal: AbortSignal,
  ): Promise<{ readonly nonce: string; readonly slot: Slot } | 'aborted'>;

  /** What a read found, for the mirror and the attempts. */
  abstract observe(
    room: RoomKey,
    claimed: { readonly nonce: string; readonly slot: Slot },
    reading: Reading,
  ): Promise<void>;

  /** What became of a call that does not settle its request (never sent, unknown, read back first). Losing one is harmless to the request. */
  abstract noteAnswer(claim: OpenClaim, answer: Answer): Promise<void>;

  /** Notes when the outcome was acknowledged by Kafka; for analysts, losing one is harmless. */
  abstract notePublished(request: SeatRequest, outcome: RecordedOutcome, publishedAt: number): void;

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

/** Calls change something, reads look. */
export type CallKind = 'call' | 'read';

/**
 * Who may call Tencent now. Asked before a slot is reserved: while Tencent does not answer, or too much is in flight,
 * neither slots nor claims are spent, and whoever waits may expire.
 */
export abstract class CallPlaces {
  /** How many more may begin now; 0: none. */
  abstract free(kind: CallKind): number;
  /** Resolves when that may have changed. */
  abstract freed(): Promise<void>;
}

/** A message that could not be read, or whose id was used before: kept whole, with the reason. */
export interface DeadLetter {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** One of the closed set of the contract: `not-json`, `identity`, … */
  readonly reason: string;
  readonly detail: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly { readonly key: string; readonly value: Buffer }[];
  /** Epoch milliseconds. */
  readonly seenAt: number;
}

/** Dead letters in Postgres; identity is topic, partition and offset, so recording one twice is harmless. */
export abstract class DeadLetterRecords {
  abstract record(letter: DeadLetter): Promise<void>;
}

/** A part whose health the world may ask for. */
export abstract class Vital {
  abstract readonly name: string;
  /** Null when it is ready, else what is missing, in words. */
  abstract ready(): Promise<string | null>;
  /** When it last got on with its work (`Clock.monotonic`); null when it makes no claim. */
  abstract lastProgress(): number | null;
}

/** All parts with a pulse, collected by the composition root. */
export class Vitals {
  constructor(readonly all: readonly Vital[]) {}
}
