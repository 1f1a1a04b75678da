import type { Clock } from '../commands/ports.js';

/** Numbers of the breaker. */
const limits = {
  /** How far back it looks. */
  windowMs: 10_000,
  /** Fewer calls than this prove nothing. */
  leastCalls: 20,
  /** Share of calls without a definite answer from which on it opens. */
  failedShare: 0.5,
  /** How long it stays open before one call is let through, doubled after each that fails. */
  shortestPauseMs: 1_000,
  /** Well below the ten seconds in which seats must be read back. */
  longestPauseMs: 4_000,
} as const;

/**
 * Keeps calls back while Tencent does not give definite answers: it opens when half of the recent calls ended unknown, then
 * lets one through at a time until one is answered. Whoever is kept back waits, or expires.
 */
export class Breaker {
  private recent: { readonly at: number; readonly failed: boolean }[] = [];
  private pauseMs: number = limits.shortestPauseMs;
  /** Monotonic moment until which nothing is let through; null while it is closed. */
  private openUntil: number | null = null;
  private openedAt = -Infinity;

  /** `onChange`: more may be let through than before. */
  constructor(
    private readonly clock: Clock,
    private readonly onChange: () => void,
  ) {}

  get isOpen(): boolean {
    return this.openUntil !== null;
  }

  /** How many calls may be in flight now. */
  get most(): number {
    if (this.openUntil === null) return Infinity;
    return this.clock.monotonic() < this.openUntil ? 0 : 1;
  }

  /** A call has ended that had begun at `begunAt` (monotonic); `failed`: without a definite answer. */
  note(failed: boolean, begunAt: number): void {
    const now = this.clock.monotonic();
    if (this.openUntil === null) this.watch(now, failed);
    // Those that were under way when it opened end now, and prove nothing new.
    else if (begunAt >= this.openedAt) this.judgeProbe(failed);
  }

  private watch(now: number, failed: boolean): void {
    this.recent.push({ at: now, failed });
    while (this.recent[0] && this.recent[0].at <= now - limits.windowMs) this.recent.shift();
    if (!failed) return;
    const failures = this.recent.filter((call) => call.failed).length;
    if (this.recent.length < limits.leastCalls || failures < this.recent.length * limits.failedShare) return;
    this.open();
  }

  private judgeProbe(failed: boolean): void {
    if (failed) {
      this.pauseMs = Math.min(this.pauseMs * 2, limits.longestPauseMs);
      this.open();
      return;
    }
    this.openUntil = null;
    this.pauseMs = limits.shortestPauseMs;
    this.onChange();
  }

  private open(): void {
    this.recent = [];
    this.openedAt = this.clock.monotonic();
    this.openUntil = this.openedAt + this.pauseMs;
    void this.clock.wait(this.pauseMs).then(this.onChange);
  }
}
