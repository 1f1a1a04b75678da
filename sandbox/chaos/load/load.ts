import { setTimeout as wait } from 'node:timers/promises';
import { Chance } from '../../parts/chance.js';
import type { TwinControl } from '../../twin/client.js';
import { Acts } from './acts.js';
import type { Message } from './message.js';
import type { Post } from './post.js';
import { LoadRooms } from './rooms.js';
import { Tide } from './tide.js';
import { TwinTasks } from './twin-tasks.js';

const tickMs = 50;
/** More unanswered requests than this, and nothing is sent: the service is to be under pressure, not buried. */
const mostAwaited = 1200;
/** So often somebody leaves a seat, and how many rooms and what share of their seats are concerned at a time. */
const leaveEveryMs = 100;
const leavingRooms = 2;
const leavingShare = 0.35;

/** Everybody who wants a seat, and everybody who leaves one. The seed decides all of it but the moments. */
export class Load {
  private readonly chance: Chance;
  private readonly rooms: LoadRooms;
  private readonly acts: Acts;
  private readonly tide: Tide;
  private readonly tasks: TwinTasks;

  constructor(
    twin: TwinControl,
    private readonly post: Post,
    seed: number,
  ) {
    this.chance = new Chance(seed);
    this.tasks = new TwinTasks(twin);
    this.rooms = new LoadRooms(this.chance, this.tasks);
    this.acts = new Acts(this.chance, this.rooms, this.tasks);
    this.tide = new Tide(new Chance(seed + 1));
  }

  open(): Promise<void> {
    return this.rooms.open();
  }

  /** Until the signal aborts; what is under way is finished. */
  async run(signal: AbortSignal): Promise<void> {
    const leaving = setInterval(() => {
      this.leave();
    }, leaveEveryMs);
    let last = performance.now();
    let due = 0;
    while (!signal.aborted) {
      const now = performance.now();
      due += (this.tide.at(now) * (now - last)) / 1000;
      last = now;
      if (this.post.awaited.size >= mostAwaited) due = 0;
      const messages = this.draw(Math.min(due, mostAwaited));
      due -= messages.length;
      await this.post.send(messages);
      await wait(tickMs);
    }
    clearInterval(leaving);
    await this.tasks.done();
  }

  private draw(count: number): Message[] {
    const messages: Message[] = [];
    while (messages.length + 1 <= count) messages.push(...this.acts.next());
    return messages;
  }

  /** Seats become free again, by the clients' own hands: nobody tells the service. */
  private leave(): void {
    for (let room = 0; room < leavingRooms; room += 1) {
      const { roomId, seats } = this.rooms.any();
      const left = Array.from({ length: seats }, (_, index) => index).filter(() =>
        this.chance.happens(leavingShare),
      );
      if (left.length > 0)
        this.tasks.changeSeats(
          roomId,
          left.map((index) => ({ index, member: null })),
        );
    }
    const room = this.rooms.any();
    if (this.chance.happens(0.2)) this.tasks.changeMembers(room.roomId, { leave: [room.anyMember()] });
  }
}
