import type { TwinControl } from '../twin/client.js';
import type { RoomView } from '../twin/control-words.js';
import { CallCurve } from './call-curve.js';
import type { PicturedRoom } from './room-picture.js';
import type { Calls } from './view.js';

/** So long a change of a seat stands out. */
const changedMs = 1200;
const curveSeconds = 200;

/** Looks at the twin from time to time: what it measured, and who sits where. */
export class TwinWatch {
  calls: Calls = { made: 0, worstSecond: 0, overLimit: 0, perSecond: [] };
  rooms: PicturedRoom[] = [];
  private readonly curve = new CallCurve();
  private lastCall = 0;
  /** By room and seat: who sat there when it was last looked at, and since when. */
  private readonly seen = new Map<string, { readonly occupant: string | null; readonly since: number }>();

  constructor(private readonly twin: TwinControl) {}

  /** Looks at the calls, and at these rooms. */
  async look(watched: readonly string[]): Promise<void> {
    const [stats, calls, rooms] = await Promise.all([
      this.twin.stats(),
      this.twin.calls(this.lastCall),
      Promise.all(watched.map((roomId) => this.twin.room(roomId))),
    ]);
    this.lastCall = calls.at(-1)?.n ?? this.lastCall;
    for (const { command, arrivedAt } of calls) {
      if (command?.endsWith('/pick_user_on_seat') === true) this.curve.add(arrivedAt);
    }
    this.calls = {
      made: stats.overall.calls,
      worstSecond: Math.max(0, ...stats.commands.map(({ worstSecond }) => worstSecond.calls)),
      overLimit: stats.overall.refused,
      perSecond: this.curve.last(curveSeconds, Date.now()),
    };
    this.rooms = rooms.map((room) => this.picture(room));
  }

  private picture({ roomId, members, seats }: RoomView): PicturedRoom {
    return {
      roomId,
      people: members.length,
      seats: seats.map(({ index, memberAccount: occupant, locked }) => ({
        occupant,
        locked,
        changed: this.hasChanged(`${roomId} ${index}`, occupant),
      })),
    };
  }

  private hasChanged(seat: string, occupant: string | null): boolean {
    const now = performance.now();
    const before = this.seen.get(seat);
    if (before?.occupant === occupant) return now - before.since < changedMs;
    this.seen.set(seat, { occupant, since: now });
    return before !== undefined;
  }
}
