import { metricOf } from './metric.js';
import type { Stage } from './stage.js';

/** Sets the database's clock, as the service sees it, to that many milliseconds beside the machine's. */
export async function setDatabaseClock(stage: Stage, besideMs: number): Promise<void> {
  await stage.sql(
    `create or replace function usher_now() returns timestamptz language sql volatile
         as 'select clock_timestamp() + ${besideMs} * interval ''1 millisecond'''`,
  );
}

/** Waits until every running instance reckons with it. */
export async function untilNoticed(stage: Stage, besideMs: number): Promise<void> {
  await stage.until(async () => {
    const offsets = await Promise.all(stage.ushers.map((usher) => metricOf(usher, 'usher_clock_offset_ms')));
    return offsets.every((ms) => Math.abs(ms - besideMs) < 50);
  }, `all instances noticed that the clock was set to ${besideMs} ms`);
}
