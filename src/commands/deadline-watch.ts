import type { Clock } from './ports.js';

const tickMs = 50;

/**
 * Calls back soon after a moment has passed. One timer for any number of moments: they are kept in buckets of 50 ms, so
 * that a hundred thousand waiting requests cost one look at one bucket a tick.
 */
export class DeadlineWatch {
  private readonly buckets = new Map<number, Set<() => void>>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly clock: Clock) {}

  /** `at`: epoch milliseconds. Returns the function that forgets the call. */
  after(at: number, callback: () => void): () => void {
    const bucket = this.bucketOf(at) + 1;
    let callbacks = this.buckets.get(bucket);
    if (!callbacks) this.buckets.set(bucket, (callbacks = new Set()));
    callbacks.add(callback);
    this.timer ??= setInterval(() => {
      this.sweep();
    }, tickMs);
    return () => {
      this.forget(bucket, callback);
    };
  }

  private bucketOf(at: number): number {
    return Math.floor(at / tickMs);
  }

  private forget(bucket: number, callback: () => void): void {
    const callbacks = this.buckets.get(bucket);
    if (!callbacks?.delete(callback) || callbacks.size > 0) return;
    this.buckets.delete(bucket);
    this.restIfEmpty();
  }

  private sweep(): void {
    const now = this.bucketOf(this.clock.now());
    const due = [...this.buckets.keys()].filter((bucket) => bucket <= now).sort((a, b) => a - b);
    for (const bucket of due) {
      const callbacks = this.buckets.get(bucket) ?? [];
      this.buckets.delete(bucket);
      for (const callback of callbacks) callback();
    }
    this.restIfEmpty();
  }

  private restIfEmpty(): void {
    if (this.buckets.size > 0 || !this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
  }
}
