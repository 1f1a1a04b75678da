import { Injectable } from '@nestjs/common';
import { Log } from '../telemetry/log.js';
import { Database } from './database.js';
import { makePartitionsStatement } from './statements/others.js';

const everyMs = 3_600_000;

/** Makes the partitions of the coming days ahead of time. Any number of instances may do it at once. */
@Injectable()
export class Upkeep {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly database: Database,
    private readonly log: Log,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.run(), everyMs);
    void this.run();
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  private async run(): Promise<void> {
    try {
      await this.database.run(makePartitionsStatement, []);
    } catch (error) {
      // A day without a partition goes to the default one: nothing is lost, and the next hour tries again.
      this.log.warn({ error: String(error) }, 'the partitions of the coming days could not be made');
    }
  }
}
