import type { Chance } from '../../parts/chance.js';

/** Messages a second, and for how long (seconds): floods run into the budget, ebbs let the backlog go. */
const kinds: readonly {
  readonly weight: number;
  readonly rate: readonly [number, number];
  readonly lasts: readonly [number, number];
}[] = [
  { weight: 2, rate: [350, 600], lasts: [2, 6] },
  { weight: 5, rate: [120, 240], lasts: [5, 15] },
  { weight: 2, rate: [10, 50], lasts: [2, 6] },
];

/** How much is asked at a time: floods, usual days and ebbs, one after the other. */
export class Tide {
  private rate = 0;
  /** Monotonic milliseconds. */
  private until = -Infinity;

  constructor(private readonly chance: Chance) {}

  /** Messages a second at this moment (monotonic milliseconds). */
  at(now: number): number {
    if (now < this.until) return this.rate;
    const { rate, lasts } = this.chance.weighed(kinds);
    this.rate = this.chance.between(...rate);
    this.until = now + this.chance.between(...lasts) * 1000;
    return this.rate;
  }
}
