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

  /** A number of `from … to`. */
  between(from: number, to: number): number {
    return from + this.draw() * (to - from);
  }

  /** One of them. */
  one<T>(list: readonly T[]): T {
    return drawn(list[Math.floor(this.draw() * list.length)]);
  }

  /** One of them, each as likely as its weight says. */
  weighed<T extends { readonly weight: number }>(list: readonly T[]): T {
    let left = this.draw() * list.reduce((sum, { weight }) => sum + weight, 0);
    return drawn(list.find(({ weight }) => (left -= weight) < 0) ?? list[0]);
  }

  /** Takes up to `count` of them out of the list. */
  take<T>(list: T[], count: number): T[] {
    const taken: T[] = [];
    while (taken.length < count && list.length > 0)
      taken.push(...list.splice(this.whole(0, list.length - 1), 1));
    return taken;
  }
}

function drawn<T>(one: T | undefined): T {
  if (one === undefined) throw new Error('There is nothing to draw from.');
  return one;
}
