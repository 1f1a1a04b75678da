/** Somebody waiting for a slot. */
export interface Turn {
  readonly room: string;
  /** Epoch milliseconds; within a room the earliest goes first. */
  readonly deadline: number;
}

/** Who is next: rooms take turns, so that one hot room cannot starve the others; within a room the earliest deadline goes first. */
export class Turns<T extends Turn> {
  /** Rooms in the order of their turns (a Map keeps it): whoever was served goes to the end. */
  private readonly rooms = new Map<string, T[]>();

  get roomsWaiting(): number {
    return this.rooms.size;
  }

  add(turn: T): void {
    const queue = this.rooms.get(turn.room);
    if (!queue) {
      this.rooms.set(turn.room, [turn]);
      return;
    }
    let at = queue.length;
    while (at > 0 && (queue[at - 1]?.deadline ?? 0) > turn.deadline) at -= 1;
    queue.splice(at, 0, turn);
  }

  remove(turn: T): void {
    const queue = this.rooms.get(turn.room);
    const at = queue?.indexOf(turn) ?? -1;
    if (!queue || at < 0) return;
    queue.splice(at, 1);
    if (queue.length === 0) this.rooms.delete(turn.room);
  }

  /** The next ones, at most one of each room. */
  take(most: number): T[] {
    const taken: T[] = [];
    for (const [room, queue] of [...this.rooms].slice(0, most)) {
      const turn = queue.shift();
      if (turn) taken.push(turn);
      this.rooms.delete(room);
      if (queue.length > 0) this.rooms.set(room, queue);
    }
    return taken;
  }

  /** Those that got no slot go back to the front. */
  giveBack(turns: readonly T[]): void {
    const others = [...this.rooms];
    this.rooms.clear();
    for (const turn of turns) this.rooms.set(turn.room, [turn]);
    for (const [room, queue] of others) {
      const front = this.rooms.get(room);
      if (front) front.push(...queue);
      else this.rooms.set(room, queue);
    }
  }
}
