import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from '../../src/commands/ports.js';

/** The clock of this machine. */
export class MachineClock extends Clock {
  override now(): number {
    return Date.now();
  }

  override monotonic(): number {
    return performance.now();
  }

  override async wait(ms: number, signal?: AbortSignal): Promise<void> {
    await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}

/** A clock on which waiting takes no time but counts. */
export class FastClock extends Clock {
  readonly waits: number[] = [];
  private time = 1_000_000;

  override now(): number {
    return this.time;
  }

  override monotonic(): number {
    return this.time;
  }

  override wait(ms: number): Promise<void> {
    this.waits.push(ms);
    this.advance(ms);
    return Promise.resolve();
  }

  advance(ms: number): void {
    this.time += ms;
  }
}
