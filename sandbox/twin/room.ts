import type { Cause, Change } from './journal.js';
import { micros } from './clock.js';

/** One seat. Locked and held at once cannot be. */
export interface TwinSeat {
  readonly index: number;
  readonly memberAccount: string | null;
  readonly locked: boolean;
  readonly videoForbidden: boolean;
  readonly audioForbidden: boolean;
}

/** What is fixed when a room is made. */
export interface RoomPlan {
  readonly sdkAppId: number;
  readonly roomId: string;
  readonly seats: number;
  readonly seatsEnabled: boolean;
  readonly owner: string;
  /** Further fields of `RoomInfo`, handed back as they came. */
  readonly extras: Readonly<Record<string, unknown>>;
}

/** Hears of every change. */
export type Witness = (change: Change, cause: Cause) => void;

/** Stale reads look back at most this far (the `stalenessMs` option's limit), in microseconds. */
const memory = 10_000_000;

/** A room: who is in it, who waits, who sits where now and sat where a moment ago. */
export class TwinRoom {
  readonly members = new Set<string>();
  readonly queued = new Set<string>();
  readonly createdAt = Date.now();
  private versions: { readonly at: number; readonly seats: readonly TwinSeat[] }[];

  constructor(
    readonly plan: RoomPlan,
    private readonly witness: Witness,
  ) {
    const seats = Array.from({ length: plan.seats }, (_, index) => freeSeat(index, false));
    this.versions = [{ at: micros(), seats }];
  }

  /** The seats as they are now. */
  get seats(): readonly TwinSeat[] {
    return this.versions.at(-1)?.seats ?? [];
  }

  /** The seats as they were at `at` (microseconds); the first ones if the room is younger. */
  seatsAsOf(at: number): readonly TwinSeat[] {
    return this.versions.findLast((version) => version.at <= at)?.seats ?? this.versions[0]?.seats ?? [];
  }

  seatOf(memberAccount: string): TwinSeat | undefined {
    return this.seats.find((seat) => seat.memberAccount === memberAccount);
  }

  enter(memberAccount: string, cause: Cause): void {
    if (this.members.has(memberAccount)) return;
    this.members.add(memberAccount);
    this.tell('member-entered', null, memberAccount, cause);
  }

  /** Out of the room, the queue and the seat. */
  leave(memberAccount: string, cause: Cause): void {
    const seat = this.seatOf(memberAccount);
    if (seat !== undefined) this.free(seat.index, cause);
    this.queued.delete(memberAccount);
    if (this.members.delete(memberAccount)) this.tell('member-left', null, memberAccount, cause);
  }

  /** Seats a member; whoever sat there, and wherever he sat before, is freed first. */
  take(index: number, memberAccount: string, cause: Cause): void {
    const before = this.seatOf(memberAccount);
    if (before !== undefined) this.free(before.index, cause);
    this.free(index, cause);
    this.queued.delete(memberAccount);
    this.change({ ...freeSeat(index, false), memberAccount });
    this.tell('seat-taken', index, memberAccount, cause);
  }

  /** Frees a held seat; nothing happens to another. */
  free(index: number, cause: Cause): void {
    const holder = this.seats[index]?.memberAccount ?? null;
    if (holder === null) return;
    this.change(freeSeat(index, false));
    this.tell('seat-left', index, holder, cause);
  }

  /** Locks a seat, after freeing it, or unlocks it. */
  lock(index: number, locked: boolean, cause: Cause): void {
    if (this.seats[index]?.locked === locked) return;
    this.free(index, cause);
    this.change(freeSeat(index, locked));
    this.tell(locked ? 'seat-locked' : 'seat-unlocked', index, null, cause);
  }

  /** Takes camera or microphone from whoever sits there; without a holder it means nothing. */
  forbid(index: number, flags: { videoForbidden: boolean; audioForbidden: boolean }): void {
    const seat = this.seats[index];
    if (seat !== undefined && seat.memberAccount !== null) this.change({ ...seat, ...flags });
  }

  /** Frees every seat: the room is gone. */
  dissolve(cause: Cause): void {
    for (const seat of this.seats) this.free(seat.index, cause);
    this.tell('room-destroyed', null, null, cause);
  }

  private change(seat: TwinSeat): void {
    const at = micros();
    const needed = this.versions.findLastIndex((version) => version.at <= at - memory);
    if (needed > 0) this.versions.splice(0, needed);
    this.versions.push({ at, seats: this.seats.map((old) => (old.index === seat.index ? seat : old)) });
  }

  private tell(kind: Change['kind'], index: number | null, memberAccount: string | null, cause: Cause): void {
    const { sdkAppId, roomId } = this.plan;
    this.witness({ kind, sdkAppId, roomId, index, memberAccount }, cause);
  }
}

function freeSeat(index: number, locked: boolean): TwinSeat {
  return { index, memberAccount: null, locked, videoForbidden: false, audioForbidden: false };
}
