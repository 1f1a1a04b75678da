import type { GateClock } from '../../src/postgres/gate.js';
import { FakeClock } from '../support/fakes/fake-clock.js';

/** A database's clock that a test winds, mapped exactly; a step of it is found when a time is held against the mapping. */
export class WoundClock implements GateClock {
  readonly time = new FakeClock();
  private readonly listeners: (() => void)[] = [];
  private offset = this.time.now() - this.time.monotonic();

  monotonic(): number {
    return this.time.monotonic();
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return this.time.wait(ms, signal);
  }

  toMonotonic(at: number): number {
    return at - this.offset;
  }

  agrees(databaseNow: number, sentAt: number, receivedAt: number): boolean {
    if (databaseNow >= sentAt + this.offset && databaseNow <= receivedAt + this.offset) return true;
    this.offset = this.time.now() - this.time.monotonic();
    for (const listener of this.listeners) listener();
    return false;
  }

  onStep(listener: () => void): void {
    this.listeners.push(listener);
  }
}
