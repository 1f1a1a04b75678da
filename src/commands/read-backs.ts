import type { Reading } from '../seating/answer.js';
import type { Clock, RoomEngine, RoomKey, SeatRecords } from './ports.js';

interface Pending {
  /** Database time at which the read's slot was given; null until then. */
  startsAt: number | null;
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
    const served = new AbortController();
    const tooLate = this.clock.wait(withinMs, served.signal).then((): Reading => {
      return { kind: 'unsent', message: 'no read was to be had in time' };
    });
    try {
      return await Promise.race([this.next(room, signal), tooLate]);
    } finally {
      served.abort();
    }
  }

  private next(room: RoomKey, signal: AbortSignal): Promise<Reading> {
    const key = `${room.sdkAppId} ${room.roomId}`;
    const waiting = this.pending.get(key);
    if (waiting && (waiting.startsAt === null || waiting.startsAt >= this.clock.now()))
      return waiting.reading;
    const pending: Pending = {
      startsAt: null,
      reading: Promise.resolve().then(() => this.readNow(room, pending, signal)),
    };
    this.pending.set(key, pending);
    const forget = (): void => {
      if (this.pending.get(key) === pending) this.pending.delete(key);
    };
    pending.reading.then(forget, forget);
    return pending.reading;
  }

  private async readNow(room: RoomKey, pending: Pending, signal: AbortSignal): Promise<Reading> {
    const claimed = await this.records.claimRead(room, 'read-back', signal);
    if (claimed === 'aborted') return { kind: 'unsent', message: 'the service is stopping' };
    pending.startsAt = claimed.slot.at;
    const reading = await this.engine.readSeats(room, claimed.slot);
    if (reading.kind === 'unusable' && reading.pause)
      await this.records.slowDown(room.sdkAppId, reading.waitMs);
    await this.records.observe(room, claimed, reading);
    return reading;
  }
}
