import type { Chance } from '../../parts/chance.js';
import type { Message, Pick } from './message.js';
import { pickMessage } from './message.js';
import { invalidMessage, repeated, unreadableMessage } from './odd-messages.js';
import type { LoadRooms } from './rooms.js';
import type { TwinTasks } from './twin-tasks.js';

/** How many of the latest messages may be sent again. */
const remembered = 500;

/** The scenes of the load: each is a handful of messages that belong together. */
export class Acts {
  private readonly recent: (Message & { readonly pick: Pick })[] = [];
  private ids = 0;
  private strangers = 0;

  private readonly all = [
    { weight: 34, make: () => this.asked(this.rooms.any().picks(this.chance.whole(1, 3))) },
    { weight: 22, make: () => this.rivals() },
    { weight: 14, make: () => this.wanderer() },
    { weight: 5, make: () => this.stranger() },
    { weight: 3, make: () => this.unknownRoom() },
    { weight: 4, make: () => this.locked() },
    { weight: 3, make: () => this.beyond() },
    { weight: 6, make: () => this.again() },
    { weight: 1, make: () => this.reused() },
    { weight: 3, make: () => this.odd(unreadableMessage) },
    { weight: 3, make: () => this.odd(invalidMessage) },
  ];

  constructor(
    private readonly chance: Chance,
    private readonly rooms: LoadRooms,
    private readonly tasks: TwinTasks,
  ) {}

  next(): Message[] {
    return this.chance.weighed(this.all).make();
  }

  /** Many for one seat; mostly few, sometimes a crowd. */
  private rivals(): Message[] {
    const room = this.rooms.any();
    const crowd = this.chance.happens(0.1) ? this.chance.whole(15, 30) : this.chance.whole(2, 8);
    return this.asked(room.picks(crowd, { index: room.anySeat() }));
  }

  /** One member who wants several seats. */
  private wanderer(): Message[] {
    const room = this.rooms.any();
    return this.asked(room.picks(this.chance.whole(2, 5), { memberAccount: room.anyMember() }));
  }

  /** Somebody who is not in the room; some enter a moment later and ask for another seat. */
  private stranger(): Message[] {
    const room = this.rooms.any();
    const memberAccount = `${room.roomId}s${++this.strangers}`;
    if (this.chance.happens(0.5))
      this.tasks.changeMembers(room.roomId, { enter: [memberAccount] }, this.chance.whole(20, 1500));
    return this.asked(room.picks(this.chance.whole(1, 3), { memberAccount }));
  }

  /** A room that nobody made; some are made a moment later. */
  private unknownRoom(): Message[] {
    const number = ++this.strangers;
    const roomId = `nowhere${number}`;
    const members = Array.from({ length: this.chance.whole(1, 4) }, (_, at) => `n${number}m${at}`);
    if (this.chance.happens(0.5))
      this.tasks.createRoom({ roomId, seats: 8, members }, this.chance.whole(100, 1500));
    return this.asked(members.map((memberAccount, index) => ({ roomId, memberAccount, index })));
  }

  private locked(): Message[] {
    const room = this.rooms.any();
    return this.asked(room.picks(this.chance.whole(1, 4), { index: room.lockedSeat() }));
  }

  private beyond(): Message[] {
    const room = this.rooms.any();
    return this.asked(room.picks(1, { index: room.seats + this.chance.whole(0, 3) }));
  }

  private again(): Message[] {
    const message = this.anyRecent();
    return message === undefined ? [] : [repeated(this.chance, message)];
  }

  /** An id that was used before, for something else. */
  private reused(): Message[] {
    const message = this.anyRecent();
    const [other] = this.rooms.any().picks(1);
    if (message?.awaits == null || other === undefined) return [];
    // Of the same room, so that the partition decides which of the two came first.
    const index = other.index + 40;
    return [{ ...pickMessage(message.awaits, { ...message.pick, index }), awaits: null }];
  }

  private odd(make: typeof unreadableMessage): Message[] {
    const [pick] = this.rooms.any().picks(1);
    return pick === undefined ? [] : [make(this.chance, pick, this.newId())];
  }

  private asked(picks: readonly Pick[]): Message[] {
    return picks.map((pick) => {
      const message = pickMessage(this.newId(), pick, { ...this.deadline(), ...this.priority() });
      // Some producers name no key; such a message may lie in any partition.
      const sent = this.chance.happens(0.01) ? { ...message, key: null } : message;
      if (sent.key !== null) this.recent.push({ ...sent, pick });
      if (this.recent.length > remembered) this.recent.shift();
      return sent;
    });
  }

  private anyRecent(): (Message & { readonly pick: Pick }) | undefined {
    return this.recent.length === 0 ? undefined : this.chance.one(this.recent);
  }

  /** Seconds from now; none where the service's own shall hold. */
  private deadline(): { deadline?: string } {
    const { from, to } = this.chance.weighed(deadlines);
    if (to === null) return {};
    return { deadline: new Date(Date.now() + this.chance.between(from, to) * 1000).toISOString() };
  }

  private priority(): { priority?: string } {
    if (this.chance.happens(0.8)) return {};
    return { priority: this.chance.happens(0.5) ? 'high' : 'low' };
  }

  private newId(): string {
    return `c-${++this.ids}`;
  }
}

const deadlines: readonly { weight: number; from: number; to: number | null }[] = [
  { weight: 60, from: 0, to: null },
  { weight: 10, from: 1, to: 5 },
  { weight: 15, from: 10, to: 30 },
  { weight: 10, from: 60, to: 120 },
  { weight: 3, from: 600, to: 900 },
  { weight: 2, from: -5, to: 0 },
];
