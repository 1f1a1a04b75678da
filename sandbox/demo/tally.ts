import type { SeenOutcome } from './seen-outcome.js';

/** How many requests ended in one way. */
interface Ending {
  readonly status: string;
  readonly reason: string | null;
  readonly count: number;
}

/** What the outcomes so far come to. */
export interface Numbers {
  /** Requests sent; copies and unreadable messages are not counted. */
  readonly sent: number;
  readonly outcomes: number;
  /** Sent, and without an outcome yet. */
  readonly open: number;
  /** Outcomes that came again, for requests that were sent again. */
  readonly copies: number;
  readonly deadLetters: number;
  /** Requests that the mirror decided: calls that were not made. */
  readonly saved: number;
  /** The most frequent first. */
  readonly endings: readonly Ending[];
  /** From sending a request to seeing its outcome, over the last ten seconds, in milliseconds; null without any. */
  readonly latency: { readonly p50: number; readonly p99: number } | null;
}

const latencyWindowMs = 10_000;
/** Ids remembered to tell copies from first ones; a copy comes within seconds. */
const rememberedIds = 50_000;

/** Counts outcomes as they arrive. Times are milliseconds of one clock. */
export class Tally {
  private readonly sentAt = new Map<string, number>();
  private readonly seen = new Set<string>();
  private readonly endings = new Map<string, { status: string; reason: string | null; count: number }>();
  private latencies: { readonly at: number; readonly ms: number }[] = [];
  private readonly counts = { sent: 0, outcomes: 0, copies: 0, deadLetters: 0, saved: 0 };

  /** Notes that a request was sent; sent again, it is still one request. */
  sent(requestId: string, at: number): void {
    if (this.sentAt.has(requestId) || this.seen.has(requestId)) return;
    this.sentAt.set(requestId, at);
    this.counts.sent += 1;
  }

  /** Notes an outcome. False: it is a copy of one that was seen already. */
  outcome({ requestId, status, reason, decidedBy }: SeenOutcome, at: number): boolean {
    if (this.seen.has(requestId)) {
      this.counts.copies += 1;
      return false;
    }
    this.remember(requestId);
    this.counts.outcomes += 1;
    if (decidedBy === 'mirror') this.counts.saved += 1;
    const ending = this.endings.get(`${status} ${reason}`) ?? { status, reason, count: 0 };
    ending.count += 1;
    this.endings.set(`${status} ${reason}`, ending);
    this.timed(requestId, at);
    return true;
  }

  deadLetter(): void {
    this.counts.deadLetters += 1;
  }

  numbers(now: number): Numbers {
    this.latencies = this.latencies.filter(({ at }) => at >= now - latencyWindowMs);
    const sorted = this.latencies.map(({ ms }) => ms).sort((a, b) => a - b);
    return {
      ...this.counts,
      open: this.sentAt.size,
      endings: [...this.endings.values()].map((ending) => ({ ...ending })).sort((a, b) => b.count - a.count),
      latency: sorted.length === 0 ? null : { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) },
    };
  }

  private timed(requestId: string, at: number): void {
    const sentAt = this.sentAt.get(requestId);
    this.sentAt.delete(requestId);
    if (sentAt !== undefined) this.latencies.push({ at, ms: at - sentAt });
  }

  private remember(requestId: string): void {
    this.seen.add(requestId);
    if (this.seen.size <= rememberedIds) return;
    // A set keeps the order in which it was filled: the first one is the oldest.
    const [oldest] = this.seen;
    if (oldest !== undefined) this.seen.delete(oldest);
  }
}

/** The nearest rank: the smallest value that so many of all values do not exceed. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
