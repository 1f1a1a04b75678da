import type { NewRoom } from '../twin/control-words.js';
import type { Act, Director } from './acts.js';
import { Chance } from '../parts/chance.js';
import { quietRoom, roomNames, starRoom } from './cast.js';
import { RoomDirector } from './room.director.js';
import { StarDirector, isStarTime } from './star.director.js';
import { StrayDirector } from './stray.director.js';

/** An evening in thirty rooms: 100 to 200 requests a second. The seed alone decides what happens and when. */
export class Traffic {
  /** The rooms to be made before the traffic begins. */
  readonly rooms: readonly NewRoom[];
  /** How the hosts take their seats, once the rooms are there. */
  readonly opening: readonly Act[];
  private readonly directors: readonly Director[];
  private planned: Act[] = [];

  constructor(seed: number) {
    const rooms = roomNames.map(
      (name, i) =>
        new RoomDirector(name, new Chance(seed * 1000 + i), name === starRoom ? isStarTime : undefined),
    );
    const [popular] = rooms;
    this.rooms = [...rooms.map(({ plan }) => plan), { roomId: quietRoom, seats: 8 }];
    this.opening = rooms.map(({ roomId, host }) => ({
      kind: 'seats',
      at: 0,
      roomId,
      changes: [{ index: 0, member: host }],
    }));
    this.directors = [
      ...rooms,
      new StarDirector(popular?.host ?? '', new Chance(seed * 1000 + 500)),
      new StrayDirector(new Chance(seed * 1000 + 501)),
    ];
  }

  /** What happens up to `at` (milliseconds since the traffic began) and was not told yet, in order. */
  until(at: number): Act[] {
    for (const director of this.directors) {
      while (director.nextAt <= at) this.planned.push(...director.scene());
    }
    const due = this.planned.filter((act) => act.at <= at);
    this.planned = this.planned.filter((act) => act.at > at);
    return due.sort((a, b) => a.at - b.at);
  }
}
