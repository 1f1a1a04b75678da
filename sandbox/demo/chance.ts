import { seededRandom } from '../twin/seeded-random.js';

/** Draws that the seed alone decides. */
export class Chance {
  private readonly draw: () => number;

  constructor(seed: number) {
    this.draw = seededRandom(seed);
  }

  /** A whole number of `from … to`, both included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.draw() * (to - from + 1));
  }

  /** True in this share of all draws. */
  happens(share: number): boolean {
    return this.draw() < share;
  }

  /** Takes up to `count` of them out of the list. */
  take<T>(list: T[], count: number): T[] {
    const taken: T[] = [];
    while (taken.length < count && list.length > 0)
      taken.push(...list.splice(this.whole(0, list.length - 1), 1));
    return taken;
  }
}
