import type { Reading } from '../seating/answer.js';
import type { Clock, RoomEngine, RoomKey, SeatRecords } from './ports.js';

interface Pending {
  /** Database time at which the read's slot was given; null until then. */
  startsAt: number | null;
  /** Who waits for it. When the last one gives up, so does the read: it must not take a slot from the living. */
  waiters: number;
  readonly givenUp: AbortController;
  readonly reading: Promise<Reading>;
}

/** Reads of the seats after an unknown result. One read serves everybody who waits for the room. */
export class ReadBacks {
  private readonly pending = new Map<string, Pending>();

  constructor(
    private readonly records: SeatRecords,
    private readonly engine: RoomEngine,
    private readonly clock: Clock,
  ) {}

  /**
   * A reading that started no earlier than now, or `unsent` where none was to be had within so many milliseconds. `signal`
   * aborts the waiting for a slot; it is the service's, not a request's.
   */
  async read(room: RoomKey, withinMs: number, signal: AbortSignal): Promise<Reading> {
    const pending = this.next(room, signal);
    const served = new AbortController();
    const tooLate = this.clock.wait(withinMs, served.signal).then((): Reading => {
      return { kind: 'unsent', message: 'no read was to be had in time' };
    });
    pending.waiters += 1;
    try {
      return await Promise.race([pending.reading, tooLate]);
    } finally {
      served.abort();
      pending.waiters -= 1;
      if (pending.waiters === 0) pending.givenUp.abort();
    }
  }

  private next(room: RoomKey, signal: AbortSignal): Pending {
    const key = `${room.sdkAppId} ${room.roomId}`;
    const waiting = this.pending.get(key);
    if (waiting && (waiting.startsAt === null || waiting.startsAt >= this.clock.now())) return waiting;
    const givenUp = new AbortController();
    const pending: Pending = {
      startsAt: null,
      waiters: 0,
      givenUp,
      reading: Promise.resolve().then(() => this.readNow(room, pending, signal)),
    };
    this.pending.set(key, pending);
    const forget = (): void => {
      if (this.pending.get(key) === pending) this.pending.delete(key);
    };
    givenUp.signal.addEventListener('abort', forget);
    pending.reading.then(forget, forget);
    return pending;
  }

  private async readNow(room: RoomKey, pending: Pending, signal: AbortSignal): Promise<Reading> {
    const claimed = await this.claim(room, pending.givenUp, signal);
    if (claimed === 'aborted') return { kind: 'unsent', message: 'nobody waits for it any more' };
    pending.startsAt = claimed.slot.at;
    const reading = await this.engine.readSeats(room, claimed.slot);
    if (reading.kind === 'unusable' && reading.pause)
      await this.records.slowDown(room.sdkAppId, reading.waitMs);
    await this.records.observe(room, claimed, reading);
    return reading;
  }

  /** Waits for a slot until the service stops, or until everybody has given up. */
  private async claim(room: RoomKey, givenUp: AbortController, signal: AbortSignal) {
    const stop = (): void => {
      givenUp.abort();
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    try {
      return await this.records.claimRead(room, 'read-back', givenUp.signal);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}
