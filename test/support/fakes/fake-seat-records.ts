import { randomUUID } from 'node:crypto';
import { setImmediate as nextTick } from 'node:timers/promises';
import { SeatRecords } from '../../../src/commands/ports.js';
import type {
  Claimed,
  Clock,
  Intent,
  KnownRequest,
  OpenClaim,
  RecordedOutcome,
  RoomKey,
  Settlement,
  Slot,
} from '../../../src/commands/ports.js';
import type { Answer, Reading, SentAnswer } from '../../../src/seating/answer.js';
import { factsOfAnswer, factsOfReading } from '../../../src/seating/facts.js';
import type { Outcome } from '../../../src/seating/outcome.js';
import type { Fact, KnownFact, Room } from '../../../src/seating/room.js';
import type { SeatRequest } from '../../../src/seating/seat-request.js';
import { FakeAttempts } from './fake-attempts.js';
import { FakeBudget, graceMs } from './fake-budget.js';
import { FakeMirror } from './fake-mirror.js';

/** From the last moment for a call to leave until nothing of it can take effect. */
const quietMs = 10_000;
/** Older evidence predicts nothing. */
const maxAgeMs = 60_000;

interface Row {
  readonly request: SeatRequest;
  readonly known: KnownRequest;
}

type Recorded = 'recorded' | 'stale' | 'known';

/**
 * The records in memory; for several instances of the story, share one. Every method answers in a later turn of the event
 * loop, as a database would, and takes effect in the order of the calls.
 */
export class FakeSeatRecords extends SeatRecords {
  /** Calls and reads, in the order of their claims. */
  readonly attempts = new FakeAttempts();
  /** What was recorded or settled, in that order. */
  readonly outcomes: Outcome[] = [];
  readonly publications: {
    readonly requestId: string;
    readonly receivedAt: number;
    readonly publishedAt: number;
  }[] = [];
  readonly slowDowns: { readonly sdkAppId: number; readonly ms: number }[] = [];
  /** Where claims wait while it is shut. */
  readonly budget: FakeBudget;
  /** The draw of the sampling for a new fact, in [0, 1); at first never below any share. */
  draw = 0.999_999;
  private readonly rows = new Map<string, Row>();
  private readonly mirror = new FakeMirror(() => this.draw);
  private batch: Promise<Set<string>> | null = null;

  constructor(private readonly clock: Clock) {
    super();
    this.budget = new FakeBudget(clock);
  }

  /** Seeds the mirror. */
  tell(room: RoomKey, facts: readonly Fact[]): void {
    this.mirror.tell(room, facts);
  }

  override async find(request: SeatRequest): Promise<KnownRequest | null> {
    await nextTick();
    const row = this.rows.get(idOf(request));
    if (!row) return null;
    const isSame = row.request.digest === request.digest;
    return isSame || (row.known.state === 'settled' && isSameMessage(row.request, request))
      ? row.known
      : { state: 'reused' };
  }

  override async room(room: RoomKey): Promise<Room> {
    await nextTick();
    return this.mirror.room(room, this.clock.now() - maxAgeMs);
  }

  /** Whatever is asked for in one turn of the event loop is one batch: of a room, nothing is recorded after a stale one. */
  override async record(settlement: Settlement, premise: KnownFact | null): Promise<Recorded> {
    const staleRooms = await (this.batch ??= this.nextBatch());
    return this.recordNow(staleRooms, settlement, premise);
  }

  override async claim(intent: Intent, signal: AbortSignal): Promise<Claimed> {
    if (!(await this.budget.turn(signal))) return { kind: 'aborted' };
    const { request, prior, sample, call } = intent;
    const found = this.rows.get(idOf(request));
    if (sample && !this.mirror.spendDraw(request, sample)) return { kind: 'spent' };
    if (nonceOf(found) !== prior?.claim.nonce || found?.known.state === 'settled') return { kind: 'known' };
    if (this.hasRival(request)) return { kind: 'rival' };
    const slot = this.budget.slot(request.deadline);
    const quietAt = slot.at + graceMs + quietMs;
    const claim = {
      attempt: attemptOf(prior),
      nonce: randomUUID(),
      call,
      slot,
      slotAt: slot.at,
      quietAt,
      answers: prior?.claim.answers ?? [],
    };
    this.rows.set(idOf(request), { request, known: { state: 'claimed', claim: openOf(claim) } });
    this.attempts.open(claim, request, sample ? 'audit' : 'settle');
    return { kind: 'claimed', claim };
  }

  override async release(
    claim: OpenClaim,
    request: SeatRequest,
    answer: SentAnswer | 'unsent',
  ): Promise<OpenClaim | 'lost'> {
    await nextTick();
    if (answer !== 'unsent') this.attempts.close(claim.nonce, answer);
    const row = this.rows.get(idOf(request));
    if (row?.known.state !== 'claimed' || nonceOf(row) !== claim.nonce) return 'lost';
    const told =
      answer === 'unsent' ? { attempt: claim.attempt - 1 } : { answers: [...claim.answers, answer] };
    const released = openOf({ ...claim, nonce: randomUUID(), ...told });
    this.rows.set(idOf(request), { request: row.request, known: { state: 'released', claim: released } });
    return released;
  }

  override async settle(
    claim: OpenClaim,
    settlement: Settlement,
    answer: SentAnswer | null,
  ): Promise<'recorded' | 'lost'> {
    await nextTick();
    const { request } = settlement;
    if (answer) {
      const facts = factsOfAnswer(claim.call, answer);
      this.mirror.tell(claim.call, facts);
      this.mirror.forgetUndone(claim.call, facts);
      this.attempts.close(claim.nonce, answer);
    }
    if (nonceOf(this.rows.get(idOf(request))) !== claim.nonce) return 'lost';
    this.write(settlement);
    return 'recorded';
  }

  override async claimRead(
    room: RoomKey,
    purpose: 'read-back',
    signal: AbortSignal,
  ): Promise<{ readonly nonce: string; readonly slot: Slot } | 'aborted'> {
    if (!(await this.budget.turn(signal))) return 'aborted';
    const claimed = { nonce: randomUUID(), slot: this.budget.slot(Infinity) };
    this.attempts.openRead(claimed, room, purpose);
    return claimed;
  }

  override async observe(room: RoomKey, { nonce }: { nonce: string }, reading: Reading): Promise<void> {
    await nextTick();
    this.mirror.tell(room, factsOfReading(reading));
    this.mirror.forgetUndone(room, factsOfReading(reading));
    this.attempts.close(nonce, reading);
  }

  override async noteAnswer({ nonce }: OpenClaim, answer: Answer): Promise<void> {
    await nextTick();
    this.attempts.close(nonce, answer);
  }

  override notePublished(
    { requestId }: SeatRequest,
    { receivedAt }: RecordedOutcome,
    publishedAt: number,
  ): void {
    this.publications.push({ requestId, receivedAt, publishedAt });
  }

  override async slowDown(sdkAppId: number, ms: number): Promise<void> {
    await nextTick();
    this.slowDowns.push({ sdkAppId, ms });
  }

  /** The rooms of the batch in which something was stale; filled as the batch goes in. */
  private async nextBatch(): Promise<Set<string>> {
    await nextTick();
    this.batch = null;
    return new Set<string>();
  }

  private recordNow(staleRooms: Set<string>, settlement: Settlement, premise: KnownFact | null): Recorded {
    const { request } = settlement;
    const room = `${request.sdkAppId} ${request.roomId}`;
    const isKnown = this.rows.has(idOf(request));
    if (isKnown || (premise && !this.mirror.stands(request, premise))) staleRooms.add(room);
    if (isKnown) return 'known';
    if (staleRooms.has(room)) return 'stale';
    this.write(settlement);
    return 'recorded';
  }

  private write({ request, message, outcome }: Settlement): void {
    this.rows.set(idOf(request), {
      request,
      known: { state: 'settled', message, receivedAt: Math.trunc(request.receivedAt) },
    });
    this.outcomes.push(outcome);
  }

  /** An open claim of another request on the same seat or for the same member. */
  private hasRival(request: SeatRequest): boolean {
    return [...this.rows.values()].some(
      ({ known, request: other }) =>
        known.state === 'claimed' &&
        idOf(other) !== idOf(request) &&
        other.sdkAppId === request.sdkAppId &&
        other.roomId === request.roomId &&
        (other.index === request.index || other.memberAccount === request.memberAccount),
    );
  }
}

function idOf({ sdkAppId, requestId }: SeatRequest): string {
  return `${sdkAppId} ${requestId}`;
}

/** The same record of the topic, whatever it was taken for. */
function isSameMessage(one: SeatRequest, other: SeatRequest): boolean {
  return (
    one.kafka.partition === other.kafka.partition &&
    one.kafka.offset === other.kafka.offset &&
    Math.trunc(one.requestedAt) === Math.trunc(other.requestedAt)
  );
}

function nonceOf(row: Row | undefined): string | undefined {
  const known = row?.known;
  return known?.state === 'claimed' || known?.state === 'released' ? known.claim.nonce : undefined;
}

function attemptOf(prior: Intent['prior']): number {
  if (!prior) return 1;
  return prior.unsent ? prior.claim.attempt : prior.claim.attempt + 1;
}

/** A claim as the records keep it: without the slot on this process's clock. */
function openOf({ attempt, nonce, call, slotAt, quietAt, answers }: OpenClaim): OpenClaim {
  return { attempt, nonce, call, slotAt, quietAt, answers };
}
