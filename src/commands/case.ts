import type { Reading, SeatCall, SentAnswer } from '../seating/answer.js';
import type { CallHistory } from '../seating/call-history.js';
import type { Ending, Outcome } from '../seating/outcome.js';
import { reasons } from '../seating/reasons.js';
import type { Reason } from '../seating/reasons.js';
import type { SeatRequest } from '../seating/seat-request.js';
import type { Place } from './lanes.js';
import type { Clock, OpenClaim, OutcomePublisher, Settlement, Waits } from './ports.js';

/** After the deadline and the quiet time, so long is tried to read the seats before a request ends as `unconfirmed`. */
const readTimeMs = 10_000;

type Wait = keyof Waits;

/** One request on its way to its outcome: its place, what was answered so far, and where its time went. */
export class Case {
  answers: readonly SentAnswer[] = [];
  /** The newest read of the seats since the last call. */
  reading: Reading | null = null;
  /** Calls claimed and not proven unsent. */
  attempts = 0;
  /** What the mirror would have said, where this request tests it. */
  predicted: Reason | null = null;
  /** The deadline was seen to pass. It stays so, even if the database's clock is set back afterwards. */
  isLate = false;
  /** First seen by this process, epoch milliseconds. */
  readonly seenAt: number;
  private lastSent = { slotAt: 0, quietAt: 0, quietMonotonic: 0 };
  private readonly waits = { rivalMs: 0, budgetMs: 0, retryMs: 0, callMs: 0 };

  constructor(
    readonly request: SeatRequest,
    readonly place: Place,
    private readonly clock: Clock,
  ) {
    this.seenAt = clock.now();
  }

  /** Awaits the work and books its time. */
  async timed<T>(wait: Wait, work: Promise<T>): Promise<T> {
    const from = this.clock.monotonic();
    try {
      return await work;
    } finally {
      this.waits[wait] += this.clock.monotonic() - from;
    }
  }

  /** A call went out under this claim, or may have, and was answered so. `quietMonotonic`: its quiet time on our own clock. */
  told(claim: OpenClaim, answer: SentAnswer, quietMonotonic: number): void {
    this.answers = [...this.answers, answer];
    this.attempts = claim.attempt;
    this.lastSent = { slotAt: claim.slotAt, quietAt: claim.quietAt, quietMonotonic };
    this.reading = null;
  }

  /** What the rules need to conclude. */
  history(call: SeatCall): CallHistory {
    const { request, answers, reading, lastSent, seenAt } = this;
    const now = this.clock.now();
    const { slotAt, quietMonotonic } = lastSent;
    // A step of the database's clock must not erase the quiet time: it has to be over on our own clock as well.
    const quietAt = Math.max(lastSent.quietAt, now + quietMonotonic - this.clock.monotonic());
    const giveUpAt = Math.max(request.deadline, quietAt, seenAt) + readTimeMs;
    const deadline = this.isLate ? Math.min(request.deadline, now) : request.deadline;
    return { call, answers, reading, slotAt, quietAt, deadline, giveUpAt, now };
  }

  /** The ending, written down: from here on only these bytes count. */
  settlement(ending: Ending, publisher: OutcomePublisher): Settlement {
    const { request } = this;
    const outcome: Outcome = {
      ...ending,
      request,
      advice: ending.reason === null ? 'none' : reasons[ending.reason].advice,
      predicted: this.predicted,
      attempts: this.attempts,
      errors: request.type === 'invalid' ? request.errors : null,
      settledAt: this.clock.now(),
    };
    return { request, outcome, message: publisher.encode(outcome), waits: { ...this.waits } };
  }
}
