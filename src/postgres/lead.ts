const samples = 128;
const leastMs = 3;
/** Longer commits lose their slots, which is the safe direction. */
export const mostLeadMs = 40;

/**
 * How far ahead a slot must lie so that its claim is committed, and known to be, when it comes: the recent p99 of the
 * time from sending the statement to its answer. A slot at "now" is lost whenever the commit takes longer than the grace.
 */
export class Lead {
  private readonly times: number[] = [];
  private next = 0;

  note(ms: number): void {
    this.times[this.next] = ms;
    this.next = (this.next + 1) % samples;
  }

  /** Milliseconds, 3 … 40. */
  get ms(): number {
    if (this.times.length === 0) return 10;
    const sorted = [...this.times].sort((a, b) => a - b);
    const p99 = sorted[Math.floor((sorted.length - 1) * 0.99)] ?? leastMs;
    return Math.min(mostLeadMs, Math.max(leastMs, p99 + 1));
  }
}
