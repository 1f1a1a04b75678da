import { setImmediate as nextTurn } from 'node:timers/promises';
import { Clock } from '../../../src/commands/ports.js';
import { arrival } from '../builders/requests.js';

/** Enough turns of the event loop for a request to get from one wait to the next over fakes. */
const turnsBetweenWaits = 30;

interface Waiter {
  readonly until: number;
  readonly wake: () => void;
}

/** Time that stands still until a test moves it. Starts at `arrival`. */
export class FakeClock extends Clock {
  private elapsed = 0;
  private offset = arrival;
  private readonly waiters = new Set<Waiter>();

  override now(): number {
    return this.offset + this.elapsed;
  }

  override monotonic(): number {
    return this.elapsed;
  }

  override wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.waiters.delete(waiter);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const waiter = { until: this.elapsed + ms, wake };
      this.waiters.add(waiter);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** Sets the database's clock by so many milliseconds; the monotonic clock and whoever waits do not notice. */
  step(ms: number): void {
    this.offset += ms;
  }

  /** Lets so much time pass; whoever waits wakes at the right moment, and gets on before time goes on. */
  async advance(ms: number): Promise<void> {
    const end = this.elapsed + ms;
    await this.letOthersRun();
    for (let next = this.next(); next && next.until <= end; next = this.next()) {
      this.elapsed = next.until;
      next.wake();
      await this.letOthersRun();
    }
    this.elapsed = end;
    await this.letOthersRun();
  }

  /** Lets time pass, from one wait to the next, until the work is finished. Fails when it takes longer than `withinMs`. */
  async pass<T>(work: Promise<T>, withinMs = 120_000): Promise<T> {
    let isFinished = false;
    const finish = (): void => {
      isFinished = true;
    };
    work.then(finish, finish);
    const end = this.elapsed + withinMs;
    await this.letOthersRun();
    const hasWork = (): boolean => !isFinished;
    for (let next = this.next(); next && hasWork(); next = this.next()) {
      if (next.until > end) throw new Error(`not finished after ${withinMs} ms`);
      await this.advance(next.until - this.elapsed);
    }
    return work;
  }

  /** Lets everything happen that needs no time. */
  async letOthersRun(): Promise<void> {
    for (let turn = 0; turn < turnsBetweenWaits; turn += 1) await nextTurn();
  }

  private next(): Waiter | undefined {
    return [...this.waiters].sort((a, b) => a.until - b.until)[0];
  }
}
