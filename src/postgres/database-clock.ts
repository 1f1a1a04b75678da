import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { Clock } from '../commands/ports.js';
import { Metrics } from '../telemetry/metrics.js';
import { Database } from './database.js';

/** A probe whose answer took longer tells too little: the mapping may be off by half of it. */
const slowProbeMs = 5;
/** How far two clocks drift apart: 100 ppm, twice what ordinary quartz does. */
const drift = 1e-4;
/** Beyond what drift and a slow probe explain: the database's clock was set. */
const stepMs = 5;
const probeEveryMs = 500;

const probe = { name: 'clock', text: `SELECT extract(epoch FROM usher_now())::float8 * 1000 AS now` };

interface Probed {
  readonly now: number;
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly offset: number;
}

/**
 * Database time on this process's monotonic clock: now = monotonic + offset. The offset is the midpoint of the quickest
 * of several small probes that commit nothing.
 */
@Injectable()
export class DatabaseClock extends Clock {
  private offset = Date.now() - performance.now();
  /** The probe that the offset was taken from: when, and how long it took. */
  private mapped = { at: 0, tookMs: Infinity };
  private latest = 0;
  /** Monotonic moment at which the database's clock was last found to have been set. */
  private steppedAt = -Infinity;
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
    // The first mapping replaces a guess: a machine whose clock is wrong is no step of the database's.
    await this.database.run(probe, [], { pool: this.connection });
    this.take(await this.quickest(8));
    this.latest = 0;
    this.timer = setInterval(() => void this.map().catch(() => undefined), probeEveryMs);
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
    // Asked before a step and answered after it: it may tell the time of either clock.
    if (sentAt < this.steppedAt) return false;
    const early = databaseNow - receivedAt - this.offset;
    const late = databaseNow - sentAt - this.offset;
    if (early <= stepMs && late >= -stepMs) return true;
    this.take({ now: databaseNow, sentAt, receivedAt, offset: databaseNow - (sentAt + receivedAt) / 2 });
    this.latest = 0;
    this.steppedAt = performance.now();
    for (const listener of this.stepped) listener();
    return false;
  }

  private async map(): Promise<void> {
    const probed = await this.ask();
    const { now, sentAt, receivedAt } = probed;
    if (!this.agrees(now, sentAt, receivedAt)) return;
    // A mapping is off by half its probe's time at most, and by the drift since: a probe that tells less is not taken.
    const aged = this.mapped.tookMs + 2 * drift * (receivedAt - this.mapped.at);
    if (receivedAt - sentAt <= Math.min(aged, slowProbeMs)) this.take(probed);
    this.metrics.clockOffsetMs.set(this.offset - (Date.now() - performance.now()));
  }

  private take({ offset, sentAt, receivedAt }: Probed): void {
    this.offset = offset;
    this.mapped = { at: receivedAt, tookMs: receivedAt - sentAt };
  }

  private async quickest(probes: number): Promise<Probed> {
    let best = await this.ask();
    for (let each = 1; each < probes; each += 1) {
      const next = await this.ask();
      if (next.receivedAt - next.sentAt < best.receivedAt - best.sentAt) best = next;
    }
    return best;
  }

  private async ask(): Promise<Probed> {
    const sentAt = performance.now();
    const [row] = await this.database.once<{ now: number }>(probe, [], this.connection);
    const receivedAt = performance.now();
    const now = row?.now ?? NaN;
    return { now, sentAt, receivedAt, offset: now - (sentAt + receivedAt) / 2 };
  }
}
