/** One second in microseconds. */
const second = 1_000_000;

/** Entries that have left the window are cut off in blocks of this size, to keep `add` at constant cost. */
const cutAt = 1024;

/**
 * A log of arrivals that counts the *closed* sliding second: an arrival exactly one second ago still counts.
 * Times are microseconds and never run backwards. The largest count over all windows is the largest one that ends at
 * an arrival, so looking at arrivals is enough.
 */
export class SlidingSecond {
  private times: number[] = [];
  private oldest = 0;

  /** Notes an arrival and says how many the closed second that ends with it holds, itself included. */
  add(at: number): number {
    this.times.push(at);
    return this.count(at);
  }

  /** How many arrivals lie in [at − 1 s, at]; older ones are forgotten. */
  count(at: number): number {
    while ((this.times[this.oldest] ?? Infinity) < at - second) this.oldest++;
    if (this.oldest >= cutAt) {
      this.times.splice(0, this.oldest);
      this.oldest = 0;
    }
    return this.times.length - this.oldest;
  }
}
