import type { Effect } from '../../twin/journal.js';
import { Spans } from './spans.js';

/** What truly was in one room, by the twin's effects. */
export class RoomTruth {
  private readonly existence = new Spans();
  private readonly heldSeats = new Map<number, Spans>();
  private readonly lockedSeats = new Map<number, Spans>();
  private readonly members = new Map<string, Spans>();
  private readonly seatedMembers = new Map<string, Spans>();
  /** All that changed, in order. */
  readonly effects: Effect[] = [];

  /** To be told in the order of the effects. */
  tell(effect: Effect): void {
    const { kind, at } = effect;
    this.effects.push(effect);
    for (const { spans, who } of this.concerned(effect)) {
      if (beginnings.has(kind)) spans.begin(at, who);
      else spans.end(at);
    }
  }

  /** Who sat on a seat, and when. */
  seat(index: number): Spans {
    return this.heldSeats.get(index) ?? never;
  }

  /** On which seat a member sat (`who` is its number), and when. */
  seatsOf(member: string): Spans {
    return this.seatedMembers.get(member) ?? never;
  }

  locks(index: number): Spans {
    return this.lockedSeats.get(index) ?? never;
  }

  membership(member: string): Spans {
    return this.members.get(member) ?? never;
  }

  life(): Spans {
    return this.existence;
  }

  private concerned({ kind, memberAccount, index }: Effect): { spans: Spans; who: string | null }[] {
    const member = memberAccount ?? '';
    const seat = index ?? -1;
    switch (kind) {
      case 'room-created':
        return [{ spans: this.existence, who: null }];
      case 'room-destroyed':
        return [this.existence, ...this.members.values(), ...this.lockedSeats.values()].map((spans) => ({
          spans,
          who: null,
        }));
      case 'member-entered':
      case 'member-left':
        return [{ spans: of(this.members, member), who: null }];
      case 'seat-taken':
      case 'seat-left':
        return [
          { spans: of(this.seatedMembers, member), who: String(seat) },
          { spans: of(this.heldSeats, seat), who: member },
        ];
      case 'seat-locked':
      case 'seat-unlocked':
        return [{ spans: of(this.lockedSeats, seat), who: null }];
    }
  }
}

/** Changes with which something begins; with the others it ends. */
const beginnings: ReadonlySet<Effect['kind']> = new Set([
  'room-created',
  'member-entered',
  'seat-taken',
  'seat-locked',
]);

const never = new Spans();

function of<Key>(all: Map<Key, Spans>, key: Key): Spans {
  let spans = all.get(key);
  if (!spans) all.set(key, (spans = new Spans()));
  return spans;
}
