import { epochMs } from './clock.js';

/** The watch ticks this often; a stall shows as a tick that comes late. Half a percent of a core. */
const tickMs = 2;

/** Lateness from which a tick counts as a stall: arrivals may have been stamped that much too late. */
const stallMs = 5;

/** How many stalls are kept with their times. */
const kept = 200;

/** How late the twin's own event loop ran: a stalled twin stamps arrivals too late, and then too close together. */
export interface LoopReport {
  readonly worstStallMs: number;
  /** Ticks more than 5 ms late. */
  readonly stalls: number;
  /** The latest stalls: when each ended (epoch milliseconds) and how long it was. */
  readonly recent: readonly { readonly endedAt: number; readonly ms: number }[];
}

/** Watches the event loop with a timer of its own. */
export class EventLoopWatch {
  private last = performance.now();
  private worst = 0;
  private stalls = 0;
  private recent: { endedAt: number; ms: number }[] = [];
  private readonly timer = setInterval(() => {
    this.tick();
  }, tickMs);

  /** What was seen since the start or the last reset. */
  report(): LoopReport {
    return { worstStallMs: this.worst, stalls: this.stalls, recent: [...this.recent] };
  }

  reset(): void {
    this.worst = 0;
    this.stalls = 0;
    this.recent = [];
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const now = performance.now();
    const ms = Math.round((now - this.last - tickMs) * 1000) / 1000;
    this.last = now;
    this.worst = Math.max(this.worst, ms);
    if (ms <= stallMs) return;
    this.stalls++;
    this.recent.push({ endedAt: epochMs(), ms });
    if (this.recent.length > kept) this.recent.shift();
  }
}
