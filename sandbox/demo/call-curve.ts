/** Calls at the twin, counted by the second of its own clock. */
export class CallCurve {
  private readonly bySecond = new Map<number, number>();

  /** `arrivedAt`: epoch milliseconds. */
  add(arrivedAt: number): void {
    const second = Math.floor(arrivedAt / 1000);
    this.bySecond.set(second, (this.bySecond.get(second) ?? 0) + 1);
  }

  /** Calls in each of the last `count` full seconds before `now` (epoch milliseconds), the oldest first. */
  last(count: number, now: number): number[] {
    const current = Math.floor(now / 1000);
    for (const second of this.bySecond.keys())
      if (second < current - keptSeconds) this.bySecond.delete(second);
    return Array.from({ length: count }, (_, i) => this.bySecond.get(current - count + i) ?? 0);
  }
}

/** No terminal is wider than that. */
const keptSeconds = 300;
