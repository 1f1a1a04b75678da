import { Tide } from '../../../../sandbox/chaos/load/tide.js';
import { Chance } from '../../../../sandbox/parts/chance.js';

const minutes = (seed: number): number[] => {
  const tide = new Tide(new Chance(seed));
  return Array.from({ length: 6000 }, (_, tick) => tide.at(tick * 50));
};

describe('the tide of the load', () => {
  it('has floods over the budget and ebbs far below it', () => {
    const rates = minutes(1);
    expect(Math.max(...rates)).toBeGreaterThan(300);
    expect(Math.min(...rates)).toBeLessThan(60);
  });

  it('comes again with its seed', () => {
    expect(minutes(3)).toEqual(minutes(3));
    expect(minutes(3)).not.toEqual(minutes(4));
  });
});
