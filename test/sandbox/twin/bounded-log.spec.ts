import { BoundedLog } from '../../../sandbox/twin/bounded-log.js';

function filled(kept: number, count: number): BoundedLog<{ n: number }> {
  const log = new BoundedLog<{ n: number }>(kept);
  for (let i = 0; i < count; i++) log.add((n) => ({ n }));
  return log;
}

const numbers = (log: BoundedLog<{ n: number }>, since: number, limit = 100): number[] =>
  log.since(since, limit).entries.map(({ n }) => n);

describe('a bounded log', () => {
  it('numbers entries from 1 and tells those after a number', () => {
    expect(numbers(filled(10, 4), 0)).toEqual([1, 2, 3, 4]);
    expect(numbers(filled(10, 4), 2)).toEqual([3, 4]);
    expect(numbers(filled(10, 4), 4)).toEqual([]);
  });

  it('tells a page at most', () => {
    expect(numbers(filled(10, 4), 1, 2)).toEqual([2, 3]);
  });

  it.each([3, 5, 6, 7])('keeps the latest and says how many are gone, after %i entries', (count) => {
    const { entries, dropped } = filled(3, count).since(1, 100);
    const oldest = Math.max(2, count - 2);
    expect(entries.map(({ n }) => n)).toEqual(
      Array.from({ length: count - oldest + 1 }, (_, i) => oldest + i),
    );
    expect(dropped).toBe(oldest - 2);
  });
});
