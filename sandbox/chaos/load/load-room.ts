import type { Chance } from '../../parts/chance.js';
import type { NewRoom } from '../../twin/control-words.js';
import type { Pick } from './message.js';

/** Of all (member, seat) of a room so many are asked for before it is used up: then fresh ones are found at once. */
const usedShare = 0.4;

/** A room of the load. Each (member, seat) of it is asked for once at most, so that every call belongs to one request. */
export class LoadRoom {
  readonly seats: number;
  readonly members: readonly string[];
  private readonly locked: readonly number[];
  private readonly used = new Set<string>();

  constructor(
    readonly roomId: string,
    private readonly chance: Chance,
  ) {
    this.seats = chance.whole(8, 20);
    this.members = Array.from({ length: 40 }, (_, at) => `${roomId}m${at}`);
    const indexes = Array.from({ length: this.seats }, (_, index) => index);
    this.locked = chance.take(indexes, chance.whole(0, 2));
  }

  /** For the twin. */
  get plan(): NewRoom {
    const { roomId, seats, members, locked } = this;
    return { roomId, seats, members: [...members], locked: [...locked] };
  }

  get isUsedUp(): boolean {
    return this.used.size > usedShare * this.seats * this.members.length;
  }

  anySeat(): number {
    return this.chance.whole(0, this.seats - 1);
  }

  anyMember(): string {
    return this.chance.one(this.members);
  }

  /** A seat that cannot be had; any seat where none is locked. */
  lockedSeat(): number {
    return this.locked[0] ?? this.anySeat();
  }

  /** So many requests that nobody made yet: for the given seat, or by the given member, or any; fewer where they run out. */
  picks(count: number, fixed: { readonly index?: number; readonly memberAccount?: string } = {}): Pick[] {
    const picks: Pick[] = [];
    for (let tries = 0; picks.length < count && tries < count * 5; tries += 1) {
      const index = fixed.index ?? this.anySeat();
      const memberAccount = fixed.memberAccount ?? this.anyMember();
      const pair = `${memberAccount} ${index}`;
      if (this.used.has(pair)) continue;
      this.used.add(pair);
      picks.push({ roomId: this.roomId, memberAccount, index });
    }
    return picks;
  }
}
