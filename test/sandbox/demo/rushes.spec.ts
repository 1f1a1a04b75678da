import { Rushes } from '../../../sandbox/demo/rushes.js';
import { doneOf, outcomeOf } from './outcomes.js';

const correlationId = 'rush-1';

function rest(rushes: Rushes, count: number): (string | null)[] {
  return Array.from({ length: count }, () => rushes.outcome(outcomeOf({ correlationId })));
}

describe('a rush for the seat beside a star', () => {
  it('is news with the last of its outcomes: who got the seat, and how many calls it took', () => {
    const rushes = new Rushes();
    rushes.outcome(doneOf({ correlationId, memberAccount: 'Iris.D' }));
    const told = rest(rushes, 299);
    expect(told.slice(0, -1).every((news) => news === null)).toBe(true);
    expect(told.at(-1)).toBe(
      '300 asked for seat 1 of late-night-jazz: Iris.D got it, with 1 call to Tencent in all',
    );
  });

  it('may have no winner', () => {
    expect(rest(new Rushes(), 300).at(-1)).toBe(
      '300 asked for seat 1 of late-night-jazz: nobody got it, with 0 calls to Tencent in all',
    );
  });

  it('has nothing to do with other outcomes', () => {
    const rushes = new Rushes();
    rest(rushes, 299);
    expect(rushes.outcome(outcomeOf({ correlationId: 'party-1' }))).toBeNull();
    expect(rushes.outcome(outcomeOf())).toBeNull();
  });
});
