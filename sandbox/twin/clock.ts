/** Microseconds of the machine's monotonic clock: never steps, and all processes of one machine agree on it. */
export function micros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** Epoch milliseconds with a fraction. Rides on the monotonic clock, so it keeps its course when the wall clock is stepped. */
export function epochMs(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000) / 1000;
}
