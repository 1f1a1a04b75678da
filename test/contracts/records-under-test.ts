import type { Claim, KnownRequest, OpenClaim, SeatRecords, Settlement } from '../../src/commands/ports.js';
import type { SeatCall, SentAnswer } from '../../src/seating/answer.js';
import type { Reason } from '../../src/seating/reasons.js';
import type { Fact, KnownFact } from '../../src/seating/room.js';
import type { PickRequest } from '../../src/seating/seat-request.js';
import { aPick } from '../support/builders/requests.js';
import { aSettlement } from '../support/builders/settlements.js';
import type { AttemptRow } from '../support/fakes/fake-attempts.js';

/** Records, a second instance on the same rows, and eyes behind them. */
export interface RecordsUnderTest {
  readonly records: SeatRecords;
  readonly other: SeatRecords;
  /** Time as the records have it. */
  now(): number;
  /** All calls and reads, in the order of their slots. */
  attempts(): Promise<readonly AttemptRow[]>;
  /** From now on nobody gets a slot, for at least a second. */
  shutBudget(): Promise<void>;
}

/** Sends nobody away. */
export const never = new AbortController().signal;

/** What the contract's tests do again and again. */
export class Desk {
  constructor(private readonly under: RecordsUnderTest) {}

  /** A pick that arrives now. */
  pick(changes: Partial<PickRequest> = {}): PickRequest {
    const now = this.under.now();
    return aPick({ requestedAt: now - 200, receivedAt: now, deadline: now + 30_000, ...changes });
  }

  /** A new claim for the request; fails the test where it is refused. */
  async claim(request: PickRequest, sample: KnownFact | null = null): Promise<Claim> {
    const intent = { request, call: callOf(request), prior: null, sample };
    const claimed = await this.under.records.claim(intent, never);
    if (claimed.kind !== 'claimed') throw new Error(`not claimed: ${claimed.kind}`);
    return claimed.claim;
  }

  /** Claims once more after `claim`. */
  again(request: PickRequest, claim: OpenClaim, { unsent = false, records = this.under.records } = {}) {
    const prior = { claim, unsent };
    return records.claim({ request, call: claim.call, prior, sample: null }, never);
  }

  /** A claim, answered `done` and settled so: the mirror knows it then. Returns the seat's fact. */
  async seat(request: PickRequest): Promise<KnownFact> {
    const claim = await this.claim(request);
    await this.under.records.settle(claim, doneBy(request), this.done());
    return this.seatFact(request);
  }

  /** What the mirror has of the request's seat; fails the test where that is nothing. */
  async seatFact({ sdkAppId, roomId, index }: PickRequest): Promise<KnownFact> {
    const fact = (await this.under.records.room({ sdkAppId, roomId })).seats.get(index);
    if (!fact) throw new Error(`seat ${index} is not known`);
    return fact;
  }

  /** Attempts as `requestId purpose attempt class code`. */
  async attempts(): Promise<string[]> {
    const rows = await this.under.attempts();
    return rows.map((row) => [row.requestId, row.purpose, row.attempt, row.class, row.code].join(' '));
  }

  done(): SentAnswer {
    return { kind: 'done', code: 0, message: 'OK', ...this.answered() };
  }

  later(): SentAnswer {
    const rest = { waitMs: 500, repeats: null, pause: true, reason: 'deadline-passed' } as const;
    return { kind: 'later', code: 60007, message: 'too fast \u{1f600}', ...rest, ...this.answered() };
  }

  refused(code: number, reason: Reason): SentAnswer {
    return { kind: 'refused', code, reason, failed: false, message: 'no', ...this.answered() };
  }

  /** Sent and answered just now. */
  answered() {
    const now = Math.round(this.under.now());
    return { httpStatus: 200, tencentRequestId: 'tencent-1', sentAt: now - 20, answeredAt: now };
  }
}

/** The call that a pick wants to make. */
export function callOf({ sdkAppId, roomId, memberAccount, index }: PickRequest): SeatCall {
  return { command: 'pick', sdkAppId, roomId, memberAccount, index };
}

export function doneBy(request: PickRequest) {
  const rest = { code: 0, message: 'OK', decidedBy: 'tencent', evidence: null, attempts: 1 } as const;
  return aSettlement(request, { status: 'done', reason: null, advice: 'none', ...rest });
}

/** What the records' copy of a claim must be. */
export function kept({ attempt, nonce, call, slotAt, quietAt, answers }: OpenClaim): object {
  return { attempt, nonce, call, answers, slotAt: near(slotAt), quietAt: near(quietAt) };
}

/** What is found once this was recorded. */
export function found({ message, request }: Settlement): KnownRequest {
  return { state: 'settled', message, receivedAt: Math.trunc(request.receivedAt) };
}

/** Within half a millisecond. */
function near(time: number): unknown {
  return expect.closeTo(time, 0);
}

/** A fact without what only the mirror adds to it. */
export function plain(fact: KnownFact | null | undefined): Fact | null {
  if (!fact) return null;
  const { subject, index, memberAccount, state, occupant, evidence } = fact;
  return { subject, index, memberAccount, state, occupant, evidence };
}
