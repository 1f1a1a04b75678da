import { setTimeout as wait } from 'node:timers/promises';
import type { TwinControl } from '../../twin/client.js';
import type { MemberChange, NewRoom, SeatChange } from '../../twin/control-words.js';

/** What the load does at the twin besides: nobody waits for it, and a room that is gone meanwhile is no failure. */
export class TwinTasks {
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly twin: TwinControl) {}

  async createRooms(rooms: readonly NewRoom[]): Promise<void> {
    await this.twin.createRooms(rooms);
  }

  destroyRoom(roomId: string): void {
    this.run(() => this.twin.destroyRoom(roomId));
  }

  /** `afterMs`: later. */
  createRoom(room: NewRoom, afterMs: number): void {
    this.run(() => this.twin.createRoom(room), afterMs);
  }

  changeMembers(roomId: string, change: MemberChange, afterMs = 0): void {
    this.run(() => this.twin.changeMembers(roomId, change), afterMs);
  }

  changeSeats(roomId: string, changes: readonly SeatChange[]): void {
    this.run(() => this.twin.changeSeats(roomId, changes));
  }

  /** Resolves once nothing is under way any more. */
  async done(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  private run(task: () => Promise<unknown>, afterMs = 0): void {
    const running = (async () => {
      if (afterMs > 0) await wait(afterMs);
      await task();
    })()
      .catch(() => undefined)
      .finally(() => this.running.delete(running));
    this.running.add(running);
  }
}
