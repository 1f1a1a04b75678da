import { CallMeter } from './call-meter.js';
import { Delays } from './delays.js';
import { EventLoopWatch } from './event-loop-watch.js';
import { FaultBook } from './faults.js';
import type { Journal } from './journal.js';
import { openJournal } from './journal.js';
import type { TwinOptions } from './options.js';
import { TwinRooms } from './rooms.js';
import { seededRandom } from './seeded-random.js';

/** Everything that a running twin remembers. */
export class TwinState {
  options: TwinOptions;
  readonly journal: Journal;
  readonly rooms: TwinRooms;
  readonly faults: FaultBook;
  readonly delays = new Delays();
  readonly loop = new EventLoopWatch();
  meter = new CallMeter();
  /** Cuts the connection of each call that has no answer yet. */
  readonly open = new Set<() => void>();
  private readonly latency: () => number;

  constructor(private readonly initial: TwinOptions) {
    this.options = initial;
    this.journal = openJournal(initial);
    this.rooms = new TwinRooms(this.journal);
    // Two streams, so that a fault more or less does not change the latencies.
    this.latency = seededRandom(initial.seed);
    this.faults = new FaultBook(seededRandom(initial.seed + 1));
    this.faults.add(initial.faults);
  }

  /** The latency of the next call, drawn from the seed, milliseconds. */
  drawLatencyMs(): number {
    const { latencyMeanMs, latencyJitterMs } = this.options;
    return Math.max(0, latencyMeanMs + latencyJitterMs * (2 * this.latency() - 1));
  }

  /** As after the start: no rooms, no counts, first options; open calls are cut and never executed. */
  reset(): void {
    this.halt();
    this.options = this.initial;
    this.rooms.clear();
    this.journal.calls.clear();
    this.journal.effects.clear();
    this.meter = new CallMeter();
    this.loop.reset();
    this.faults.clear();
    this.faults.add(this.initial.faults);
  }

  /** Gives up all open calls: they are cut and never executed. */
  halt(): void {
    this.delays.clear();
    for (const cut of this.open) cut();
    this.open.clear();
  }
}
