import { holdMs } from '../../src/postgres/gate.js';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { StandingRecords } from './standing-records.js';

describe('a step of the clock', () => {
  let fresh: FreshDatabase;
  let standing: StandingRecords;

  beforeEach(async () => {
    fresh = await freshDatabase();
    standing = await StandingRecords.start(fresh.url);
  });

  afterEach(async () => {
    await standing.stop();
    await fresh.drop();
  });

  it('holds all budgets of the application for the look-ahead and a second, and says so', async () => {
    const { sdkAppId } = standing.parts.settings.tencent;
    await standing.rows(
      `INSERT INTO call_budgets (sdk_app_id, command, tat, paused_until, rate_at, server_started_at)
       SELECT app, command, usher_now(), 'epoch', usher_now(), pg_postmaster_start_time()
         FROM (VALUES ($1::bigint, 'pick'), ($1, 'read'), (2, 'pick')) AS t(app, command)`,
      [sdkAppId],
    );
    await standing.rows(
      `CREATE OR REPLACE FUNCTION usher_now() RETURNS timestamptz LANGUAGE sql VOLATILE
         AS $$ SELECT clock_timestamp() + interval '10 seconds' $$`,
    );
    const held = (): Promise<{ ms: number }[]> =>
      standing.rows(
        `SELECT extract(epoch FROM tat - usher_now())::float8 * 1000 AS ms FROM call_budgets WHERE tat > usher_now()`,
      );
    await eventually(async () => (await held()).length > 0, { within: 5_000, what: 'the budgets are held' });
    const [one, other, ...more] = await held();
    expect(more).toEqual([]);
    for (const budget of [one, other]) {
      expect(budget?.ms).toBeGreaterThan(500);
      expect(budget?.ms).toBeLessThanOrEqual(holdMs);
    }
    expect(standing.parts.log.lines).toEqual([
      "warn: the database's clock was set: no calls until the old slots are past",
    ]);
  });
});
