import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { Clock } from '../commands/ports.js';
import { Metrics } from '../telemetry/metrics.js';
import { Database } from './database.js';

/** A probe whose answer took longer tells too little: the mapping may be off by half of it. */
const slowProbeMs = 5;
/** Beyond what drift and a slow probe explain: the database's clock was set. */
const stepMs = 5;
const probeEveryMs = 500;

const probe = { name: 'clock', text: `SELECT extract(epoch FROM usher_now())::float8 * 1000 AS now` };

/**
 * Database time on this process's monotonic clock: now = monotonic + offset. The offset is the midpoint of the quickest
 * of several small probes that commit nothing.
 */
@Injectable()
export class DatabaseClock extends Clock {
  private offset = Date.now() - performance.now();
  private latest = 0;
  private readonly stepped: (() => void)[] = [];
  private readonly connection: pg.Pool;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {
    super();
    this.connection = database.dedicated('clock');
  }

  /** Never runs backwards, unless the database's clock was set back. */
  now(): number {
    this.latest = Math.max(this.latest, performance.now() + this.offset);
    return this.latest;
  }

  monotonic(): number {
    return performance.now();
  }

  /** A moment of database time on the monotonic clock. */
  toMonotonic(at: number): number {
    return at - this.offset;
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    // Timers hold 31 bits of milliseconds and may fire a millisecond early.
    await sleep(Math.min(Math.ceil(ms) + 1, 2 ** 31 - 1), undefined, signal ? { signal } : {}).catch(
      () => undefined,
    );
  }

  /** Maps the clock, and keeps on probing. */
  async start(): Promise<void> {
    await this.database.run(probe, [], this.connection);
    await this.map(8);
    this.timer = setInterval(() => void this.map(1).catch(() => undefined), probeEveryMs);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** Tells when the database's clock was found to have been set. */
  onStep(listener: () => void): void {
    this.stepped.push(listener);
  }

  /**
   * Holds a time that the database told between two moments of our own against the mapping. False: the clock was set; the
   * mapping is new and whatever was reckoned with the old one is void.
   */
  agrees(databaseNow: number, sentAt: number, receivedAt: number): boolean {
    const early = databaseNow - receivedAt - this.offset;
    const late = databaseNow - sentAt - this.offset;
    if (early <= stepMs && late >= -stepMs) return true;
    this.offset = databaseNow - (sentAt + receivedAt) / 2;
    this.latest = 0;
    for (const listener of this.stepped) listener();
    return false;
  }

  private async map(probes: number): Promise<void> {
    let best = { width: Infinity, offset: 0 };
    for (let each = 0; each < probes; each += 1) {
      const sentAt = performance.now();
      const [row] = await this.database.once<{ now: number }>(probe, [], this.connection);
      const receivedAt = performance.now();
      if (!row || !this.agrees(row.now, sentAt, receivedAt)) continue;
      const width = receivedAt - sentAt;
      if (width < best.width) best = { width, offset: row.now - (sentAt + receivedAt) / 2 };
    }
    if (best.width <= slowProbeMs) this.offset = best.offset;
    this.metrics.clockOffsetMs.set(this.offset - (Date.now() - performance.now()));
  }
}
