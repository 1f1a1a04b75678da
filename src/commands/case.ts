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

/** The mapping of the database's clock moves by less than this, unless the clock was set. */
const stepMs = 50;

type Wait = keyof Waits;

/** One request on its way to its outcome: its place, what was answered so far, and where its time went. */
export class Case {
  answers: readonly SentAnswer[] = [];
  /** Calls claimed and not proven unsent. */
  attempts = 0;
  /** What the mirror would have said, where this request tests it. */
  predicted: Reason | null = null;
  /** The deadline was seen to pass. It stays so, even if the database's clock is set back afterwards. */
  isLate = false;
  /** The newest read of the seats since the last call, and how the database's clock stood to ours when it was asked for. */
  private read: { readonly reading: Reading; readonly offset: number } | null = null;
  /** First seen by this process. All moments here are of the monotonic clock, which nobody can set. */
  private readonly seenAt: number;
  private lastSent = { slotAt: -Infinity, quietAt: -Infinity };
  private readonly waits = { rivalMs: 0, budgetMs: 0, retryMs: 0, callMs: 0 };

  constructor(
    readonly request: SeatRequest,
    readonly place: Place,
    private readonly clock: Clock,
  ) {
    this.seenAt = clock.monotonic();
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

  /** Goes on from what the records hold of another owner's attempts. */
  takeOver({ answers, attempt }: OpenClaim): void {
    this.answers = answers;
    this.attempts = attempt;
    this.read = null;
  }

  /** A call went out under this claim, or may have, and was answered so. `slotAt`: its slot on our own clock. */
  told(claim: OpenClaim, answer: SentAnswer, slotAt: number): void {
    this.answers = [...this.answers, answer];
    this.attempts = claim.attempt;
    this.lastSent = { slotAt, quietAt: slotAt + claim.quietAt - claim.slotAt };
    this.read = null;
  }

  /** The seats are about to be read: how long that may take, and where the reading goes. */
  beginRead(): { readonly withinMs: number; readonly found: (reading: Reading) => void } {
    const { offset } = this;
    const found = (reading: Reading): void => {
      this.read = { reading, offset };
    };
    return { withinMs: this.giveUpAt - this.clock.now(), found };
  }

  /** What the rules need to conclude. */
  history(call: SeatCall): CallHistory {
    const { request, answers, offset, giveUpAt } = this;
    const now = this.clock.now();
    const slotAt = this.lastSent.slotAt + offset;
    const quietAt = this.lastSent.quietAt + offset;
    const deadline = this.isLate ? Math.min(request.deadline, now) : request.deadline;
    // The times of a reading from before a step cannot be compared with ours any more.
    const stands = this.read !== null && Math.abs(this.read.offset - offset) < stepMs;
    const reading = stands ? (this.read?.reading ?? null) : null;
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

  /** Database time minus our own. */
  private get offset(): number {
    return this.clock.now() - this.clock.monotonic();
  }

  private get giveUpAt(): number {
    const { lastSent, seenAt, offset } = this;
    return Math.max(this.request.deadline, lastSent.quietAt + offset, seenAt + offset) + readTimeMs;
  }
}
