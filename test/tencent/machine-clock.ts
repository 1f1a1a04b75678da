import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from '../../src/commands/ports.js';

/** The clock of this machine, with database time a minute ahead so that a mix-up of the two shows. */
export class MachineClock extends Clock {
  now(): number {
    return performance.timeOrigin + performance.now() + 60_000;
  }

  monotonic(): number {
    return performance.now();
  }

  async wait(ms: number): Promise<void> {
    await sleep(ms);
  }
}
