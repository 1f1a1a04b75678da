import type { NewRoom } from '../twin/control-words.js';
import { ask } from './acts.js';
import type { Act, Director } from './acts.js';
import type { Chance } from '../parts/chance.js';
import { Guests } from './guests.js';

/** Those who have just entered need a moment until the twin knows them. */
const enterMs = 300;
/**
 * A seat that was left is asked for again only then. For two seconds the mirror refuses from what it knows, and whoever
 * asked at once would be refused a free seat: that happens in life, and would only confuse here.
 */
const vacantMs = 2_200;
/** Whoever sits down stays so long at the least. */
const sitMs = 1_000;
/** A change of guests in all rooms at once: more calls than the budget of one second. */
const guestsChange = { firstAt: 13_000, everyMs: 24_000 };
/** The requests of one rush are spread over so long. */
const rushMs = 450;

/**
 * One evening in one room. It keeps a plan of who sits where: the first who asks for a free seat gets it. Reality may
 * differ for a moment; as everybody leaves some time, plan and room agree again.
 */
export class RoomDirector implements Director {
  nextAt: number;
  private asked = 0;
  private readonly holders: (string | null)[];
  /** Until when each seat is vacant, or about to be taken. */
  private readonly takenBy: number[];
  private readonly locked: readonly number[];
  private readonly guests: Guests;
  private changeAt = guestsChange.firstAt;
  private isOpen = false;

  constructor(
    readonly roomId: string,
    private readonly chance: Chance,
    /** Whether the seat beside the host is kept free for the rush at that moment. */
    private readonly isStarTime: (at: number) => boolean = () => false,
  ) {
    const seats = chance.whole(8, 10);
    this.holders = Array.from({ length: seats }, () => null);
    this.takenBy = this.holders.map(() => -Infinity);
    this.locked = chance.happens(0.4) ? [seats - 1] : [];
    this.guests = new Guests(chance, seats + 3);
    this.holders[0] = this.guests.idle.shift() ?? null;
    this.nextAt = chance.whole(0, 2000);
  }

  /** The host, who sits on seat 0. */
  get host(): string {
    return this.holders[0] ?? '';
  }

  /** The room as it is before the first scene; the host has yet to sit down. */
  get plan(): NewRoom {
    const { roomId, holders, locked } = this;
    return { roomId, seats: holders.length, members: [this.host, ...this.guests.idle], locked: [...locked] };
  }

  scene(): Act[] {
    const at = this.nextAt;
    this.nextAt = Math.min(at + this.chance.whole(1000, 2600), Math.max(at + 1000, this.changeAt));
    return this.play(at).flatMap((act) => [act, ...this.repeated(act)]);
  }

  private play(at: number): Act[] {
    if (!this.isOpen) {
      this.isOpen = true;
      return this.fillSeats(at + this.chance.whole(0, 500));
    }
    if (at >= this.changeAt) {
      this.changeAt += guestsChange.everyMs;
      return this.changeGuests(at);
    }
    if (this.chance.happens(0.5)) return this.wave(at);
    return this.chance.happens(0.5) ? this.comeAndGo(at) : this.mishaps(at);
  }

  /** Everybody's wish for the seat beside the host, or for another one: one gets it, if it is free at all. */
  private wave(at: number): Act[] {
    const wishes = [this.chance.happens(0.7) ? this.firstSeat(at) : this.anySeat(at), this.anySeat(at)];
    const seat = wishes.find((wish) => this.isSettled(wish, at));
    if (seat === undefined) return this.mishaps(at);
    const leaving = this.chance.happens(0.6) ? this.empty(seat, at) : [];
    const rivals = this.chance.whole(5, 15);
    const asking = at + (leaving.length > 0 ? vacantMs : enterMs);
    return [...this.gather(at, rivals, leaving), ...this.rush(asking, seat, rivals)];
  }

  private rush(at: number, seat: number, rivals: number): Act[] {
    const asking = this.guests.take(rivals, at + rushMs);
    const times = asking.map(() => at + this.chance.whole(0, rushMs)).sort((a, b) => a - b);
    const acts = asking.map((member, i) => this.ask(times[i] ?? at, member, seat));
    this.takenBy[seat] = at + rushMs;
    if (this.holders[seat] === null) this.holders[seat] = asking.shift() ?? null;
    this.guests.release(asking);
    return acts;
  }

  /** Some seats are left, and taken by others. */
  private comeAndGo(at: number): Act[] {
    const leaving = [1, 2, 3].flatMap(() => this.empty(this.anySeat(at), at));
    return [...this.gather(at, 4, leaving), ...this.fillSeats(at + vacantMs)];
  }

  private changeGuests(at: number): Act[] {
    const leaving = this.holders.flatMap((_, seat) =>
      seat < this.firstSeat(at) ? [] : this.empty(seat, at),
    );
    return [...this.gather(at, this.holders.length, leaving), ...this.fillSeats(at + vacantMs)];
  }

  private fillSeats(at: number): Act[] {
    return this.holders.flatMap((holder, seat) => {
      if (holder !== null || seat < this.firstSeat(at) || seat > this.lastSeat) return [];
      return this.rush(at + this.chance.whole(0, 300), seat, seat === 1 ? 3 : 1);
    });
  }

  /** Locked seats, seats that do not exist, people who sit already, and people who are not in the room. */
  private mishaps(at: number): Act[] {
    const later = (): number => at + this.chance.whole(0, 600);
    const acts: Act[] = [];
    for (const seat of this.locked) {
      for (const member of this.guests.idle.slice(0, 3)) acts.push(this.ask(later(), member, seat));
    }
    const outsider = this.guests.outsider();
    if (outsider !== null && this.chance.happens(0.6))
      for (const wait of [0, 250, 500]) acts.push(this.ask(at + wait, outsider, 2));
    const seated = this.holders.find(
      (holder, seat) => holder !== null && seat > 1 && this.isSettled(seat, at),
    );
    const other = this.firstSeat(at);
    if (seated != null) acts.push(this.ask(later(), seated, other), this.ask(later(), seated, other));
    const [idle] = this.guests.idle;
    if (idle !== undefined && this.chance.happens(0.2)) acts.push(this.ask(later(), idle, 42));
    return acts;
  }

  /** The seat beside the host; while a star is there, the one after it. */
  private firstSeat(at: number): number {
    if (!this.isStarTime(at)) return 1;
    this.guests.release(this.holders.splice(1, 1, null).filter((holder) => holder !== null));
    return 2;
  }

  /**
   * The one after it is never asked for, so that no room is full: of a full room the mirror believes for two seconds that it
   * is, whoever leaves.
   */
  private get lastSeat(): number {
    return this.holders.length - 2 - this.locked.length;
  }

  /** Nobody is on the way to it. */
  private isSettled(seat: number, at: number): boolean {
    return at > (this.takenBy[seat] ?? 0);
  }

  private anySeat(at: number): number {
    return this.chance.whole(this.firstSeat(at), this.lastSeat);
  }

  private empty(seat: number, at: number): string[] {
    if (!this.isSettled(seat, at - sitMs)) return [];
    const holder = this.holders[seat] ?? null;
    this.holders[seat] = null;
    return holder === null ? [] : [holder];
  }

  private gather(at: number, needed: number, leaving: readonly string[]): Act[] {
    return [{ kind: 'members', at, roomId: this.roomId, ...this.guests.change(at, needed, leaving) }];
  }

  private ask(at: number, memberAccount: string, index: number): Act {
    this.asked += 1;
    const requestId = `${this.roomId}-${String(this.asked).padStart(4, '0')}`;
    return ask(at, { requestId, roomId: this.roomId, memberAccount, index });
  }

  /** Producers repeat themselves: the same message once more, a little later. */
  private repeated(act: Act): Act[] {
    if (act.kind !== 'ask' || !this.chance.happens(0.02)) return [];
    return [{ ...act, at: act.at + this.chance.whole(50, 1500) }];
  }
}
