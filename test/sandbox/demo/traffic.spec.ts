import type { Act } from '../../../sandbox/demo/acts.js';
import { roomNames, starRoom } from '../../../sandbox/demo/cast.js';
import { Traffic } from '../../../sandbox/demo/traffic.js';

type Ask = Act & { kind: 'ask' };

interface Asked {
  readonly memberAccount: string;
  readonly index: number;
  readonly correlationId?: string;
}

const seconds = 60;

function evening(seed: number, beatMs = 40): Act[] {
  const traffic = new Traffic(seed);
  const beats = Array.from({ length: (seconds * 1000) / beatMs }, (_, i) => traffic.until((i + 1) * beatMs));
  return beats.flat();
}

const acts = evening(1);
const asks = acts.filter((act): act is Ask => act.kind === 'ask');
const readable = asks.filter(({ requestId }) => requestId !== null);
const asked = ({ value }: Ask): Asked => JSON.parse(value) as Asked;
const rush = readable.filter((act) => asked(act).correlationId === 'rush-1');

describe('the traffic', () => {
  it('is the same for the same seed, however often it is asked for', () => {
    const inOrder = (all: readonly Act[]): string[] => all.map((act) => JSON.stringify(act)).sort();
    expect(inOrder(evening(1, 100))).toEqual(inOrder(acts));
  });

  it('is another one for another seed', () => {
    expect(evening(2)).not.toEqual(acts);
  });

  it('comes in order', () => {
    expect(acts.map(({ at }) => at)).toEqual(acts.map(({ at }) => at).sort((a, b) => a - b));
  });

  it('is 100 to 200 requests a second', () => {
    expect(asks.length / seconds).toBeGreaterThan(100);
    expect(asks.length / seconds).toBeLessThan(200);
  });

  it('fills thirty rooms of eight to ten seats, some of them locked', () => {
    const rooms = new Traffic(1).rooms.filter(({ roomId }) => roomNames.includes(roomId));
    expect(rooms).toHaveLength(30);
    expect(new Set(rooms.map(({ seats }) => seats))).toEqual(new Set([8, 9, 10]));
    expect(rooms.some(({ locked }) => locked?.length === 1)).toBe(true);
  });

  it('wants the seat beside the host more than any other', () => {
    const wanted = (seat: number): number => readable.filter((act) => asked(act).index === seat).length;
    for (const other of [2, 3, 4, 5, 6, 7, 8, 9]) expect(wanted(1)).toBeGreaterThan(2 * wanted(other));
  });

  it('lets three hundred different people rush for one seat within a second', () => {
    expect(rush).toHaveLength(300);
    expect(new Set(rush.map((act) => asked(act).memberAccount)).size).toBe(300);
    expect(new Set(rush.map((act) => `${act.roomId} ${asked(act).index}`))).toEqual(
      new Set([`${starRoom} 1`]),
    );
    expect((rush.at(-1)?.at ?? 0) - (rush[0]?.at ?? 0)).toBeLessThan(1000);
  });

  it('keeps the seat beside the star free of everybody else, so that the rush finds it free', () => {
    const begins = rush[0]?.at ?? 0;
    const others = readable.filter(
      (act) => act.roomId === starRoom && asked(act).index === 1 && asked(act).correlationId === undefined,
    );
    expect(others.filter(({ at }) => at > begins - 2000 && at < begins + 8000)).toEqual([]);
  });

  it('never fills a room', () => {
    for (const { roomId, seats, locked = [] } of new Traffic(1).rooms) {
      const indexes = readable.filter((act) => act.roomId === roomId).map((act) => asked(act).index);
      const free = seats - 1 - locked.length;
      expect([roomId, indexes.includes(free)]).toEqual([roomId, roomId === 'quiet-corner']);
    }
  });

  it('repeats some messages byte for byte, and never uses an id for anything else', () => {
    const byId = new Map<string | null, Set<string>>();
    for (const { requestId, value } of readable) {
      byId.set(requestId, (byId.get(requestId) ?? new Set()).add(value));
    }
    expect(readable.length - byId.size).toBeGreaterThan(50);
    expect([...byId.values()].filter((values) => values.size > 1)).toEqual([]);
  });

  it('has an unreadable message now and then', () => {
    const unreadable = asks.length - readable.length;
    expect(unreadable).toBeGreaterThan(5);
    expect(unreadable).toBeLessThan(30);
  });

  it('is made by people who have entered, but for a few', () => {
    const inside = new Map(new Traffic(1).rooms.map(({ roomId, members }) => [roomId, new Set(members)]));
    let outsiders = 0;
    for (const act of acts) {
      const room = inside.get(act.roomId) ?? new Set();
      if (act.kind === 'members') {
        for (const member of act.enter) room.add(member);
        for (const member of act.leave) room.delete(member);
      }
      if (act.kind === 'ask' && act.requestId !== null && !room.has(asked(act).memberAccount)) outsiders += 1;
    }
    expect(outsiders / asks.length).toBeGreaterThan(0.01);
    expect(outsiders / asks.length).toBeLessThan(0.1);
  });
});
