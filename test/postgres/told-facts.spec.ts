import { ToldFacts } from '../../src/postgres/told-facts.js';
import { seat } from '../support/builders/facts.js';

const room = { sdkAppId: 1, roomId: 'room-test' };
const at = (fact: ReturnType<typeof seat>, from: number, to: number) => ({
  ...fact,
  evidence: { source: 'read', from, to } as const,
});

describe('told facts', () => {
  const rowsOf = (told: ToldFacts) => JSON.parse(told.toJson()) as Record<string, unknown>[];

  it('are one row a thing: two changes of one seat are folded by the rule of the mirror', () => {
    const told = new ToldFacts();
    told.add(room, [at(seat(1, 'held', 'user2'), 0, 10), at(seat(2, 'free'), 0, 10)]);
    told.add(room, [at(seat(1, 'free'), 20, 30)]);
    const rows = rowsOf(told);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      seat_index: 1,
      state: 'free',
      occupant: null,
      seen_from: 20,
      seen_to: 30,
    });
  });

  it('are unknown where two of one time contradict each other', () => {
    const told = new ToldFacts();
    told.add(room, [at(seat(1, 'held', 'user2'), 0, 10), at(seat(1, 'free'), 5, 30)]);
    expect(rowsOf(told)).toMatchObject([{ state: 'unknown', seen_from: 5, seen_to: 30 }]);
  });

  it('tell rooms, applications, seats and members apart', () => {
    const told = new ToldFacts();
    const fact = at(seat(1, 'free'), 0, 10);
    told.add(room, [fact, { ...fact, index: 2 }, { ...fact, subject: 'member', memberAccount: 'user2' }]);
    told.add({ ...room, roomId: 'another room' }, [fact]);
    told.add({ ...room, sdkAppId: 2 }, [fact]);
    expect(rowsOf(told)).toHaveLength(5);
  });

  it('have a draw each, in [0, 1)', () => {
    const told = new ToldFacts();
    told.add(
      room,
      Array.from({ length: 50 }, (_, index) => at(seat(index, 'free'), 0, 10)),
    );
    const draws = rowsOf(told).map(({ draw }) => Number(draw));
    expect(new Set(draws).size).toBe(50);
    expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
  });
});
