import fc from 'fast-check';
import { Turns } from '../../src/postgres/turns.js';
import type { Turn } from '../../src/postgres/turns.js';

interface Named extends Turn {
  readonly name: string;
}

/** `turn('a', 5)`: somebody of room a with the deadline 5. */
function turn(room: string, deadline = 0, name = `${room}${deadline}`): Named {
  return { room, deadline, name };
}

function turnsOf(...turns: Named[]): Turns<Named> {
  const all = new Turns<Named>();
  for (const each of turns) all.add(each);
  return all;
}

function names(turns: readonly Named[]): string[] {
  return turns.map(({ name }) => name);
}

/** Whoever is left, one after the other. */
function rest(turns: Turns<Named>): string[] {
  const all: string[] = [];
  while (turns.roomsWaiting > 0) all.push(...names(turns.take(1)));
  return all;
}

describe('turns', () => {
  it('go round the rooms, so that a hot room cannot starve the others', () => {
    const hot = Array.from({ length: 1000 }, (_, n) => turn('hot', n));
    const turns = turnsOf(...hot, turn('b', 1), turn('c', 1));
    expect(names(turns.take(2))).toEqual(['hot0', 'b1']);
    expect(names(turns.take(2))).toEqual(['c1', 'hot1']);
    expect(turns.roomsWaiting).toBe(1);
  });

  it('are one a room in each round', () => {
    const turns = turnsOf(turn('a', 1), turn('a', 2), turn('b', 1));
    expect(names(turns.take(10))).toEqual(['a1', 'b1']);
    expect(names(turns.take(10))).toEqual(['a2']);
    expect(turns.roomsWaiting).toBe(0);
  });

  it('go by the earliest deadline within a room, then by arrival', () => {
    const turns = turnsOf(turn('a', 3, 'late'), turn('a', 1, 'first'), turn('a', 1, 'second'), turn('a', 2));
    expect(rest(turns)).toEqual(['first', 'second', 'a2', 'late']);
  });

  it('are given up by whoever leaves', () => {
    const leaving = turn('a', 1);
    const last = turn('b', 1);
    const turns = turnsOf(leaving, turn('a', 2), last);
    turns.remove(leaving);
    turns.remove(last);
    turns.remove(turn('c'));
    expect(turns.roomsWaiting).toBe(1);
    expect(rest(turns)).toEqual(['a2']);
  });

  it('go back to the front where there was no slot, ahead of everybody in their order', () => {
    const turns = turnsOf(turn('a', 1), turn('a', 2), turn('b', 1), turn('c', 1));
    const taken = turns.take(2);
    turns.add(turn('d', 1));
    turns.giveBack(taken);
    expect(names(turns.take(2))).toEqual(['a1', 'b1']);
    expect(rest(turns)).toEqual(['c1', 'd1', 'a2']);
  });

  it('lose nobody, and serve nobody twice, whatever happens', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('add'), room: fc.constantFrom('a', 'b', 'c'), at: fc.nat(5) }),
      fc.record({ do: fc.constantFrom('take', 'giveBack', 'remove'), room: fc.constant(''), at: fc.nat(3) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const turns = new Turns<Named>();
        const waiting = new Set<Named>();
        let taken: Named[] = [];
        steps.forEach((each, n) => {
          if (each.do === 'add') {
            const added = turn(each.room, each.at, `${each.room}${n}`);
            turns.add(added);
            waiting.add(added);
          } else if (each.do === 'take') {
            taken = turns.take(each.at);
            expect(new Set(taken.map(({ room }) => room)).size).toBe(taken.length);
            for (const one of taken) expect(waiting.delete(one)).toBe(true);
          } else if (each.do === 'giveBack') {
            turns.giveBack(taken);
            for (const one of taken) waiting.add(one);
            taken = [];
          } else {
            const [one] = waiting;
            if (one) turns.remove(one);
            if (one) waiting.delete(one);
          }
          expect(turns.roomsWaiting).toBe(new Set([...waiting].map(({ room }) => room)).size);
        });
        expect(rest(turns).toSorted()).toEqual(names([...waiting]).toSorted());
      }),
    );
  });
});
