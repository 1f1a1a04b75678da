import { ask } from './acts.js';
import type { Act, Director } from './acts.js';
import type { Chance } from '../parts/chance.js';
import { names, starRoom, stars } from './cast.js';

/** How many want the seat beside the star. */
export const rushSize = 300;

const firstAt = 2_800;
const everyMs = 20_000;
/** So long before the star the seat is cleared: until nothing that the mirror knows of its last holder is fresh. */
const clearedMs = 2_200;
const staysMs = 9_000;
/** Before and after, ordinary people leave the seat in peace. */
const peaceMs = 1_000;
const wantedSeat = 1;

/** Lets a star appear in the popular room from time to time: everybody wants the one seat beside the star. */
export class StarDirector implements Director {
  nextAt = firstAt;
  private appearances = 0;

  constructor(
    private readonly host: string,
    private readonly chance: Chance,
  ) {}

  scene(): Act[] {
    const clearedAt = this.nextAt;
    const at = clearedAt + clearedMs;
    const goneAt = at + staysMs;
    this.nextAt += everyMs;
    const star = stars[this.appearances % stars.length] ?? '';
    this.appearances += 1;
    const fans = Array.from({ length: rushSize }, (_, i) => fan(i));
    const text = `${star} appears in ${starRoom}: ${rushSize} people rush for seat ${wantedSeat}`;
    return [
      seat(clearedAt, wantedSeat, null),
      { kind: 'news', at, roomId: starRoom, text },
      { kind: 'members', at, roomId: starRoom, enter: [star, ...fans], leave: [] },
      seat(at + 100, 0, star),
      ...this.rush(at + 700, fans),
      { kind: 'members', at: goneAt, roomId: starRoom, enter: [], leave: [star, ...fans] },
      seat(goneAt + 100, 0, this.host),
    ];
  }

  private rush(at: number, fans: string[]): Act[] {
    const run = `rush-${this.appearances}`;
    return this.chance.take(fans, rushSize).map((memberAccount, i) =>
      ask(at + Math.floor((i * 500) / rushSize), {
        requestId: `${run}-${String(i + 1).padStart(3, '0')}`,
        roomId: starRoom,
        memberAccount,
        index: wantedSeat,
        correlationId: run,
      }),
    );
  }
}

/** Whether ordinary people keep off the seat beside the host, because a star is there, or about to come. */
export function isStarTime(at: number): boolean {
  const into = (at - firstAt + peaceMs + everyMs) % everyMs;
  return into < peaceMs + clearedMs + staysMs + peaceMs;
}

/** Somebody is led to a seat, or away from it. */
function seat(at: number, index: number, member: string | null): Act {
  return { kind: 'seats', at, roomId: starRoom, changes: [{ index, member }] };
}

/** Mia.A … Amara.A, Mia.B … */
function fan(i: number): string {
  return `${names[i % names.length] ?? ''}.${String.fromCharCode(65 + Math.floor(i / names.length))}`;
}
