import { setMaxListeners } from 'node:events';
import { Injectable } from '@nestjs/common';
import type { Sight } from '../seating/decision.js';
import { wants } from '../seating/seat-request.js';
import type { SeatRequest } from '../seating/seat-request.js';
import { DeadlineWatch } from './deadline-watch.js';
import { Lane } from './lane.js';
import type { Entry } from './lane.js';
import { Clock, SeatRecords, SettlingPolicy } from './ports.js';
import { Stopped } from './stopped.js';

/** A request's place in its room's lane. */
export interface Place {
  /** Aborts when the deadline passes or the service stops. */
  readonly signal: AbortSignal;
  /**
   * The room, as soon as no rival ahead is undecided; null when the deadline comes first. Rivals that are decided one
   * after the other share one snapshot.
   */
  turn(): Promise<Sight | null>;
  /** This request ends without an effect: the rivals behind may be decided over the same snapshot. */
  pass(): void;
  /** Not so after all: the rivals behind wait again. */
  hold(): void;
  /** True when no rival is ahead at all, not even one that has passed but is not recorded yet. */
  isFirst(): boolean;
  /** Resolves when `isFirst`, or when the signal aborts. */
  first(): Promise<void>;
  leave(): void;
}

/** One lane a room, while anybody is in it. A request waits only for its rivals: the earlier ones that want what it wants. */
@Injectable()
export class Lanes {
  private readonly lanes = new Map<string, Lane>();
  private readonly deadlines: DeadlineWatch;
  private readonly stopping = new AbortController();

  constructor(
    private readonly records: SeatRecords,
    private readonly policy: SettlingPolicy,
    private readonly clock: Clock,
  ) {
    this.deadlines = new DeadlineWatch(clock);
    // Whoever waits listens; thousands may.
    setMaxListeners(0, this.stopping.signal);
  }

  /** Aborts when the service stops. */
  get stopped(): AbortSignal {
    return this.stopping.signal;
  }

  /** Everybody who still waits is sent away with `Stopped`; calls in flight go on. */
  stop(): void {
    this.stopping.abort();
    for (const lane of this.lanes.values()) lane.stop();
  }

  /** Takes a place behind everybody who came earlier. To be called in topic order. */
  enter(request: SeatRequest): Place {
    this.refuseWhenStopped();
    const key = `${request.sdkAppId} ${request.roomId}`;
    let lane = this.lanes.get(key);
    if (!lane) this.lanes.set(key, (lane = new Lane()));
    return this.placeOf(request, key, lane, lane.enter(wants(request), request.requestId));
  }

  private placeOf(request: SeatRequest, key: string, lane: Lane, entry: Entry): Place {
    const forget = this.watchDeadline(request, entry);
    return {
      get signal() {
        return entry.signal;
      },
      turn: () => this.turn(request, entry),
      pass: () => {
        entry.pass();
      },
      hold: () => {
        entry.hold();
      },
      isFirst: () => entry.isFirst(),
      first: async () => {
        await entry.first();
        this.refuseWhenStopped();
      },
      leave: () => {
        forget();
        entry.leave();
        // Whoever leaves twice must not take away the lane that others have opened since.
        if (lane.isEmpty() && this.lanes.get(key) === lane) this.lanes.delete(key);
      },
    };
  }

  /** An invalid request never expires: it is told its errors, however late. */
  private watchDeadline({ deadline, type }: SeatRequest, entry: Entry): () => void {
    if (type === 'invalid') return () => undefined;
    return this.deadlines.after(deadline, () => {
      entry.abort();
    });
  }

  private async turn(request: SeatRequest, entry: Entry): Promise<Sight | null> {
    const passed = await entry.turn();
    this.refuseWhenStopped();
    if (passed === 'deadline') return null;
    const room = passed ?? (await this.records.room(request));
    entry.sees(room);
    return { room, now: this.clock.now(), freshness: this.policy.freshness };
  }

  private refuseWhenStopped(): void {
    if (this.stopping.signal.aborted) throw new Stopped('Settling a request');
  }
}
