import { epochMs } from './clock.js';
import type { Cause, Change, Journal } from './journal.js';
import type { RoomPlan } from './room.js';
import { TwinRoom } from './room.js';

/** All rooms of all applications; every change in one of them is written into the journal. */
export class TwinRooms {
  private readonly rooms = new Map<string, TwinRoom>();

  constructor(private readonly journal: Journal) {}

  find(sdkAppId: number, roomId: string): TwinRoom | undefined {
    return this.rooms.get(key(sdkAppId, roomId));
  }

  /** Makes a room; the caller has looked whether the id is free. */
  create(plan: RoomPlan, cause: Cause): TwinRoom {
    const room = new TwinRoom(plan, (change, why) => {
      this.witness(change, why);
    });
    this.rooms.set(key(plan.sdkAppId, plan.roomId), room);
    const { sdkAppId, roomId } = plan;
    this.witness({ kind: 'room-created', sdkAppId, roomId, index: null, memberAccount: null }, cause);
    return room;
  }

  destroy(room: TwinRoom, cause: Cause): void {
    room.dissolve(cause);
    this.rooms.delete(key(room.plan.sdkAppId, room.plan.roomId));
  }

  get count(): number {
    return this.rooms.size;
  }

  all(): TwinRoom[] {
    return [...this.rooms.values()];
  }

  clear(): void {
    this.rooms.clear();
  }

  private witness(change: Change, cause: Cause): void {
    this.journal.effects.add((n) => ({ ...change, ...cause, n, at: epochMs() }));
  }
}

function key(sdkAppId: number, roomId: string): string {
  return `${sdkAppId}/${roomId}`;
}
