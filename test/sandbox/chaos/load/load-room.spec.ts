import { LoadRoom } from '../../../../sandbox/chaos/load/load-room.js';
import { Chance } from '../../../../sandbox/parts/chance.js';

const room = (): LoadRoom => new LoadRoom('r1', new Chance(1));

describe('a room of the load', () => {
  it('lets each member ask for each seat once at most, so that every call belongs to one request', () => {
    const load = room();
    const asked: string[] = [];
    while (!load.isUsedUp) {
      const picks = [
        ...load.picks(3),
        ...load.picks(2, { index: load.anySeat() }),
        ...load.picks(2, { memberAccount: load.anyMember() }),
      ];
      asked.push(...picks.map(({ memberAccount, index }) => `${memberAccount} ${index}`));
    }
    expect(asked.length).toBeGreaterThan(100);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('gives as many rivals for one seat as it has members, and then no more', () => {
    const load = room();
    const rivals = Array.from({ length: 100 }, () => load.picks(10, { index: 0 })).flat();
    expect(rivals).toHaveLength(load.members.length);
    expect(load.picks(10, { index: 0 })).toEqual([]);
  });

  it('is the same room for the same seed', () => {
    expect(room().plan).toEqual(room().plan);
    expect(room().picks(20)).toEqual(room().picks(20));
  });

  it('asks for seats that the twin’s room has', () => {
    const load = room();
    for (const { index, memberAccount } of load.picks(200)) {
      expect(index).toBeLessThan(load.plan.seats);
      expect(load.plan.members).toContain(memberAccount);
    }
  });
});
