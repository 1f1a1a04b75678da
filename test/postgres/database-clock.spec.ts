import type { Database } from '../../src/postgres/database.js';
import { DatabaseClock } from '../../src/postgres/database-clock.js';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { openDatabase, partsFor } from './standing-records.js';

describe('the clock of the database', () => {
  let fresh: FreshDatabase;
  let database: Database;
  let clock: DatabaseClock;
  let steps: number;

  beforeEach(async () => {
    fresh = await freshDatabase();
    const parts = partsFor(fresh.url);
    database = openDatabase(parts);
    clock = new DatabaseClock(database, parts.metrics);
    steps = 0;
    clock.onStep(() => (steps += 1));
  });

  afterEach(async () => {
    clock.stop();
    await database.close();
    await fresh.drop();
  });

  /** Sets the database's clock so many seconds before or after that of the machine. */
  const setClock = (seconds: number) =>
    database.pool.query(
      `CREATE OR REPLACE FUNCTION usher_now() RETURNS timestamptz LANGUAGE sql VOLATILE
         AS $$ SELECT clock_timestamp() + interval '${seconds} seconds' $$`,
    );
  /** Database time told between two moments of our own. */
  const ask = async () => {
    const sentAt = clock.monotonic();
    const text = 'SELECT extract(epoch FROM usher_now())::float8 * 1000 AS now';
    const { rows } = await database.pool.query<{ now: number }>(text);
    return { now: rows[0]?.now ?? NaN, sentAt, receivedAt: clock.monotonic() };
  };
  const expectTrue = async (): Promise<void> => {
    const { now, sentAt, receivedAt } = await ask();
    expect(clock.toMonotonic(now)).toBeGreaterThan(sentAt - 5);
    expect(clock.toMonotonic(now)).toBeLessThan(receivedAt + 5);
    expect(clock.agrees(now, sentAt, receivedAt)).toBe(true);
  };

  it('tells database time, and takes a machine whose own clock is wrong for no step', async () => {
    await setClock(3600);
    await clock.start();
    await expectTrue();
    expect(clock.now()).toBeGreaterThan(Date.now() + 3_590_000);
    expect(steps).toBe(0);
  });

  it('follows a machine that runs before the database at once', async () => {
    await setClock(-3600);
    clock.now();
    await clock.start();
    expect(clock.now()).toBeLessThan(Date.now() - 3_590_000);
  });

  it.each([-10, 10])(
    'finds by itself that the clock was set by %d s, tells it once, and goes by it',
    async (seconds) => {
      await clock.start();
      await setClock(seconds);
      await eventually(() => steps > 0, { within: 5_000, what: 'the step is found' });
      await expectTrue();
      expect(Math.abs(clock.now() - Date.now() - seconds * 1000)).toBeLessThan(1_000);
      expect(steps).toBe(1);
    },
  );

  it('does not agree with a time of the clock that was set, and goes by it from then on', async () => {
    await clock.start();
    await setClock(10);
    const { now, sentAt, receivedAt } = await ask();
    expect(clock.agrees(now, sentAt, receivedAt)).toBe(false);
    expect(steps).toBe(1);
    await expectTrue();
    expect(steps).toBe(1);
  });

  it('gives nothing on an answer that was asked for before a step and came after it', async () => {
    await clock.start();
    const before = await ask();
    await setClock(10);
    const after = await ask();
    expect(clock.agrees(after.now, after.sentAt, after.receivedAt)).toBe(false);
    expect(clock.agrees(before.now, before.sentAt, clock.monotonic())).toBe(false);
    expect(steps).toBe(1);
    await expectTrue();
  });

  it('is not troubled by an answer that was long on its way', async () => {
    await clock.start();
    const { now, sentAt } = await ask();
    expect(clock.agrees(now, sentAt - 2_000, clock.monotonic() + 2_000)).toBe(true);
    expect(steps).toBe(0);
  });

  it('never runs backwards while nobody sets it', async () => {
    await clock.start();
    const times: number[] = [];
    const until = clock.monotonic() + 1_200;
    while (clock.monotonic() < until) {
      times.push(clock.now());
      await new Promise(setImmediate);
    }
    expect(times.every((time, n) => n === 0 || time >= (times[n - 1] ?? 0))).toBe(true);
    expect(times.length).toBeGreaterThan(100);
  });

  it('waits at least as long as asked', async () => {
    const from = clock.monotonic();
    await clock.wait(20.5);
    expect(clock.monotonic() - from).toBeGreaterThanOrEqual(20.5);
  });

  it('stops waiting when the signal aborts, now or before, and never rejects', async () => {
    const leaving = new AbortController();
    const waits = [clock.wait(3_600_000, leaving.signal), clock.wait(Infinity, leaving.signal)];
    leaving.abort();
    await Promise.all(waits);
    await clock.wait(3_600_000, AbortSignal.abort());
    expect(clock.monotonic()).toBeLessThan(3_600_000);
  });
});
