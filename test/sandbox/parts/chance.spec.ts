import { Chance } from '../../../sandbox/parts/chance.js';

describe('a seeded chance', () => {
  it('draws by weight', () => {
    const chance = new Chance(1);
    const drawn = Array.from(
      { length: 1000 },
      () =>
        chance.weighed([
          { name: 'never', weight: 0 },
          { name: 'seldom', weight: 1 },
          { name: 'often', weight: 9 },
        ]).name,
    );
    const often = drawn.filter((name) => name === 'often').length;
    expect(drawn).not.toContain('never');
    expect(often).toBeGreaterThan(850);
    expect(often).toBeLessThan(950);
  });

  it('draws each of a list, and says so when there is nothing to draw from', () => {
    const chance = new Chance(1);
    expect(new Set(Array.from({ length: 100 }, () => chance.one(['a', 'b', 'c'])))).toEqual(
      new Set(['a', 'b', 'c']),
    );
    expect(() => chance.one([])).toThrow('nothing to draw from');
  });

  it('is decided by its seed alone', () => {
    const draws = (seed: number): number[] => {
      const chance = new Chance(seed);
      return Array.from({ length: 20 }, () => chance.between(0, 1));
    };
    expect(draws(5)).toEqual(draws(5));
    expect(draws(5)).not.toEqual(draws(6));
  });
});
