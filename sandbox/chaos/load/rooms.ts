import type { Chance } from '../../parts/chance.js';
import { LoadRoom } from './load-room.js';
import type { TwinTasks } from './twin-tasks.js';

/** How many rooms are in use at a time, and how many more stand ready. */
const active = 300;
const ready = 30;
/** Of the rooms that are used up so many are destroyed, while requests for them may still be under way. */
const destroyedShare = 0.3;

/** The rooms of the load: used-up ones make way for new ones. */
export class LoadRooms {
  private readonly rooms: LoadRoom[] = [];
  private readonly spares: LoadRoom[] = [];
  private made = 0;

  constructor(
    private readonly chance: Chance,
    private readonly tasks: TwinTasks,
  ) {}

  /** Makes the first rooms. */
  async open(): Promise<void> {
    this.rooms.push(...this.plan(active));
    this.spares.push(...this.plan(ready));
    await this.tasks.createRooms([...this.rooms, ...this.spares].map(({ plan }) => plan));
  }

  any(): LoadRoom {
    const at = this.chance.whole(0, this.rooms.length - 1);
    const room = this.rooms[at] as LoadRoom;
    return room.isUsedUp ? this.replace(at, room) : room;
  }

  private replace(at: number, old: LoadRoom): LoadRoom {
    const next = this.spares.shift();
    if (next === undefined) return old;
    this.rooms[at] = next;
    if (this.chance.happens(destroyedShare)) this.tasks.destroyRoom(old.roomId);
    if (this.spares.length < ready / 2) this.makeSpares();
    return next;
  }

  private makeSpares(): void {
    const more = this.plan(ready / 2);
    void this.tasks.createRooms(more.map(({ plan }) => plan)).then(() => this.spares.push(...more));
  }

  private plan(count: number): LoadRoom[] {
    return Array.from({ length: count }, () => new LoadRoom(`r${++this.made}`, this.chance));
  }
}
