/** No answer comes later than this after its call, so older moments can no longer get company. */
const keepMs = 20_000;

/** The most calls within any second, both ends counted. Moments are milliseconds and may be told out of order. */
export class SlidingSecond {
  private moments: number[] = [];
  private worst = 0;

  /** Notes a call → the worst second so far. */
  note(moment: number): number {
    const at = this.insert(moment);
    let first = at;
    while (first > 0 && moment - (this.moments[first - 1] ?? 0) <= 1000) first -= 1;
    let last = first;
    for (let from = first; from <= at; from += 1) {
      const start = this.moments[from] ?? 0;
      while (last + 1 < this.moments.length && (this.moments[last + 1] ?? 0) - start <= 1000) last += 1;
      this.worst = Math.max(this.worst, last - from + 1);
    }
    return this.worst;
  }

  private insert(moment: number): number {
    const old = this.moments.findIndex((each) => each > moment - keepMs);
    if (old > 1000) this.moments = this.moments.slice(old);
    let at = this.moments.length;
    while (at > 0 && (this.moments[at - 1] ?? 0) > moment) at -= 1;
    this.moments.splice(at, 0, moment);
    return at;
  }
}
