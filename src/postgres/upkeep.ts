import { Injectable } from '@nestjs/common';
import { Clock } from '../commands/ports.js';
import { AppSettings } from '../config/app-settings.js';
import { Log } from '../telemetry/log.js';
import { Database, isPassing } from './database.js';
import { byHand, forgetting, makingPartitions } from './retention.js';
import type { Task } from './retention.js';
import { missingPartitionsStatement } from './statements/upkeep.js';
import { UpkeepTroubles } from './upkeep-troubles.js';

const everyMs = 3_600_000;
/** Between two pieces of one task: others come first. */
const pauseMs = 50;
/** Tries of one piece within a run, the pause before the next doubling from a second: who holds a lock is mostly gone by then. */
const mostTries = 5;
/** Forgetting cannot be undone, so the database's clock must have a witness. Far below the day by which ids outlive their messages. */
const clocksApartMs = 3_600_000;

/**
 * Makes the partitions of the coming days and forgets what is older than its retention, once an hour. Any number of
 * instances may do it at once.
 */
@Injectable()
export class Upkeep {
  private readonly stopping = new AbortController();
  private readonly troubles: UpkeepTroubles;
  private readonly forgetting: readonly Task[];

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    settings: AppSettings,
    private readonly log: Log,
  ) {
    this.troubles = new UpkeepTroubles(log);
    this.forgetting = forgetting(settings.requests);
  }

  start(): void {
    void this.goOn();
  }

  stop(): void {
    this.stopping.abort();
  }

  /** All of it, once. Never rejects: what fails is told, and does not keep the rest from being done. */
  async run(): Promise<void> {
    await this.attempt(byHand(makingPartitions), () => this.exhaust(makingPartitions));
    await this.attempt('looking for the partitions of the coming days', () => this.lookAhead());
    const apartMs = Math.abs(this.clock.now() - Date.now());
    if (apartMs > clocksApartMs) {
      this.troubles.clocksApart(apartMs);
      return;
    }
    this.troubles.clocksAgree();
    for (const task of this.forgetting) await this.attempt(byHand(task), () => this.exhaust(task));
  }

  private async goOn(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.run();
      await this.clock.wait(everyMs, this.stopping.signal);
    }
  }

  private async attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      if (!this.stopping.signal.aborted) await work();
      this.troubles.over(what);
    } catch (error) {
      if (!this.stopping.signal.aborted) this.troubles.failed(what, error);
    }
  }

  private async exhaust(task: Task): Promise<void> {
    const all: (string | number)[] = [];
    while (!this.stopping.signal.aborted) {
      const done = await this.oncePatiently(task);
      if (done === null || done === 0) break;
      all.push(done);
      await this.clock.wait(pauseMs, this.stopping.signal);
    }
    if (all.length > 0)
      this.log.info({ task: task.statement.name, done: all }, 'a part of the upkeep was done');
  }

  private async oncePatiently({ statement, values }: Task): Promise<string | number | null> {
    for (let tries = 1; ; tries += 1) {
      try {
        const [row] = await this.database.once<{ done: string | number | null }>(statement, [...values]);
        return row?.done ?? null;
      } catch (error) {
        if (tries === mostTries || !isPassing(error) || this.stopping.signal.aborted) throw error;
        await this.clock.wait(500 * 2 ** tries, this.stopping.signal);
      }
    }
  }

  private async lookAhead(): Promise<void> {
    const missing = await this.database.once<{ name: string; ahead: number }>(
      missingPartitionsStatement,
      [1, 7],
    );
    this.troubles.missing(missing);
  }
}
