import type { Room } from '../seating/room.js';

/** After so many rivals decided in a row the event loop gets its turn: a call must not miss its slot over a long queue. */
const rivalsInARow = 50;

/**
 * The queue of one room. Every entry knows the entries ahead of it that want the same thing; it may be decided when all
 * of them have passed (decided without effect, not yet recorded) or left, and may call only when all have left.
 */
export class Lane {
  private readonly last = new Map<string, Set<Entry>>();
  private readonly entries = new Set<Entry>();
  private decidedInARow = 0;

  /** `wanted`: what the request wants for itself; `id`: of two with one id the earlier one counts. */
  enter(wanted: readonly string[], id: string | null = null): Entry {
    const ahead = new Set<Entry>();
    for (const thing of wanted) for (const entry of this.last.get(thing) ?? []) ahead.add(entry);
    const entry = new Entry(this, wanted, ahead, id);
    for (const thing of wanted) this.last.set(thing, new Set([entry]));
    this.entries.add(entry);
    return entry;
  }

  isEmpty(): boolean {
    return this.entries.size === 0;
  }

  stop(): void {
    for (const entry of this.entries) entry.stop();
  }

  /** Runs the next decision at once, or after the event loop had its turn. */
  next(decide: () => void): void {
    this.decidedInARow += 1;
    if (this.decidedInARow % rivalsInARow === 0) setImmediate(decide);
    else decide();
  }

  /** Whoever comes next and wants a thing waits for those that the leaving entry waited for and that want it, too. */
  remove(entry: Entry, ahead: ReadonlySet<Entry>): void {
    this.entries.delete(entry);
    for (const thing of entry.wanted) {
      const last = this.last.get(thing);
      if (!last?.delete(entry)) continue;
      for (const each of ahead) if (each.wanted.includes(thing)) last.add(each);
      if (last.size === 0) this.last.delete(thing);
    }
  }
}

/** One request in a lane. */
export class Entry {
  private readonly behind = new Set<Entry>();
  private controller: AbortController | null = null;
  private aborted = false;
  private stopped = false;
  private room: Room | null = null;
  private hasPassed = false;
  private hasLeft = false;
  private waiter: (() => void) | null = null;

  constructor(
    private readonly lane: Lane,
    readonly wanted: readonly string[],
    private readonly ahead: Set<Entry>,
    private readonly id: string | null,
  ) {
    for (const entry of ahead) entry.behind.add(this);
  }

  /** Made when first asked for: most requests never need one. */
  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.aborted) this.controller.abort();
    return this.controller.signal;
  }

  isFirst(): boolean {
    return this.ahead.size === 0;
  }

  /** Resolves with the snapshot that the rivals ahead were decided over, or null when there is none ahead. */
  async turn(): Promise<Room | null | 'deadline'> {
    await this.until(() => this.mayDecide());
    if (this.aborted) return 'deadline';
    let newest: Room | null = null;
    for (const entry of this.ahead) newest = entry.room;
    return newest;
  }

  sees(room: Room): void {
    this.room = room;
  }

  first(): Promise<void> {
    return this.until(() => this.isFirst());
  }

  /** One that expires before its turn lets nobody by: those behind it wait for those ahead of it. */
  pass(): void {
    this.hasPassed = this.mayDecide();
    this.wakeBehind();
  }

  hold(): void {
    this.hasPassed = false;
  }

  leave(): void {
    if (this.hasLeft) return;
    this.hasLeft = true;
    this.lane.remove(this, this.ahead);
    for (const entry of this.ahead) entry.behind.delete(this);
    for (const entry of this.behind) {
      entry.ahead.delete(this);
      for (const each of this.ahead) {
        if (!each.wanted.some((thing) => entry.wanted.includes(thing))) continue;
        entry.ahead.add(each);
        each.behind.add(entry);
      }
    }
    this.wakeBehind();
  }

  /** The deadline has passed: no rival is waited for any more. */
  abort(): void {
    this.aborted = true;
    this.controller?.abort();
    this.wake();
  }

  /** The service stops: nothing is waited for any more. */
  stop(): void {
    this.stopped = true;
    this.abort();
  }

  private mayDecide(): boolean {
    for (const entry of this.ahead) if (!entry.hasPassed || this.isCopyOf(entry)) return false;
    return true;
  }

  private isCopyOf(entry: Entry): boolean {
    return this.id !== null && this.id === entry.id;
  }

  /** Not even expiry overtakes an earlier request of the same id: it would take the id away from it. */
  private waitsForItsId(): boolean {
    for (const entry of this.ahead) if (this.isCopyOf(entry)) return true;
    return false;
  }

  private wakeBehind(): void {
    for (const entry of this.behind) {
      if (entry.waiter) {
        this.lane.next(() => {
          entry.wake();
        });
      }
    }
  }

  private wake(): void {
    const waiter = this.waiter;
    this.waiter = null;
    waiter?.();
  }

  private async until(condition: () => boolean): Promise<void> {
    while (!condition() && !this.stopped && (!this.aborted || this.waitsForItsId())) {
      await new Promise<void>((resolve) => {
        this.waiter = resolve;
      });
    }
  }
}
