import type { Chance } from '../parts/chance.js';
import { names } from './cast.js';

/** So many stay in a room besides those who sit. */
const idleMost = 14;

/** The people around one room: those who are in it and sit nowhere, and those who are elsewhere. */
export class Guests {
  readonly idle: string[];
  private readonly away: string[];
  /** When each guest asks for the last time, as far as is planned: nobody leaves before. */
  private readonly busyUntil = new Map<string, number>();

  constructor(
    private readonly chance: Chance,
    present: number,
  ) {
    this.away = chance.take([...names], names.length);
    this.idle = this.away.splice(0, present);
  }

  /** Those in `leaving` go, some of the idle too, and others come until `needed` are there. */
  change(at: number, needed: number, leaving: readonly string[]): { enter: string[]; leave: string[] } {
    const leave = [...leaving, ...this.bored(at)];
    const enter = this.away.splice(0, Math.max(0, needed - this.idle.length));
    this.idle.push(...enter);
    this.away.push(...leave);
    return { enter, leave };
  }

  /** Takes up to `count` of the idle, who have something to do until then; `release` gives back who stays idle. */
  take(count: number, until: number): string[] {
    const taken = this.chance.take(this.idle, count);
    for (const guest of taken) this.busyUntil.set(guest, until);
    return taken;
  }

  release(guests: readonly string[]): void {
    this.idle.push(...guests);
  }

  /** Somebody who is not in the room, and the last who will come; null where everybody is here. */
  outsider(): string | null {
    return this.away.at(-1) ?? null;
  }

  /** Those of the idle who are too many, taken out of them. */
  private bored(at: number): string[] {
    const unplanned = this.idle.filter((guest) => at > (this.busyUntil.get(guest) ?? 0));
    const bored = unplanned.slice(0, Math.max(0, this.idle.length - idleMost));
    for (const guest of bored) this.idle.splice(this.idle.indexOf(guest), 1);
    return bored;
  }
}
