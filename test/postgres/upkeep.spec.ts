import { randomUUID } from 'node:crypto';
import { Upkeep } from '../../src/postgres/upkeep.js';
import { Clock } from '../../src/commands/ports.js';
import { aPick } from '../support/builders/requests.js';
import { aSettlement } from '../support/builders/settlements.js';
import { callOf, doneBy, never } from '../contracts/records-under-test.js';
import { RecordedLog } from '../kafka/recorded-log.js';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { daysPass, inDays, partitionOf } from './days-pass.js';
import { claimedRequest, historyRow, insert } from './rows.js';
import { StandingRecords } from './standing-records.js';
import { withClient } from './with-client.js';

/** This machine's clock, so far ahead. Pauses take no time but count; an hour never ends. */
class HastyClock extends Clock {
  readonly pauses: number[] = [];

  constructor(private readonly aheadMs = 0) {
    super();
  }

  override now(): number {
    return Date.now() + this.aheadMs;
  }

  override monotonic(): number {
    return performance.now();
  }

  override async wait(ms: number, signal?: AbortSignal): Promise<void> {
    this.pauses.push(ms);
    if (ms < 3_600_000 || signal?.aborted) return;
    await new Promise((resolve) => signal?.addEventListener('abort', resolve));
  }
}

describe('the upkeep', () => {
  let fresh: FreshDatabase;
  let standing: StandingRecords;
  let clock: HastyClock;
  let upkeep: Upkeep;
  let log: RecordedLog;

  beforeEach(async () => {
    fresh = await freshDatabase();
    standing = await StandingRecords.start(fresh.url);
    upkeep = upkeepWith(new HastyClock());
  });

  afterEach(async () => {
    upkeep.stop();
    await standing.stop();
    await fresh.drop();
  });

  function upkeepWith(given: HastyClock, { database, parts } = standing): Upkeep {
    clock = given;
    log = new RecordedLog();
    return new Upkeep(database, clock, parts.settings, log);
  }

  const exists = async (table: string): Promise<boolean> =>
    (await standing.rows<{ found: string | null }>('SELECT to_regclass($1) AS found', [table]))[0]?.found !==
    null;

  /** A settled request that arrived so many days from now. */
  const settle = (days: number, request_id: string): Promise<void> =>
    withClient(fresh.url, async (client) => {
      const received_at = inDays(days);
      await insert(client, 'seat_requests', claimedRequest({ request_id, state: 'settled', received_at }));
      await insert(client, 'request_history', historyRow({ request_id, received_at }));
    });

  const ids = async (): Promise<string[]> =>
    (await standing.rows<{ id: string }>('SELECT request_id AS id FROM seat_requests ORDER BY 1')).map(
      ({ id }) => id,
    );

  it('makes the partitions of the coming days at once, and again every hour', async () => {
    await daysPass(standing, 3);
    upkeep.start();
    await eventually(() => clock.pauses.includes(3_600_000), {
      within: 5_000,
      what: 'the first run is over',
    });
    expect(await exists(partitionOf('attempts', 10))).toBe(true);
    expect(log.lines.filter((line) => !line.startsWith('info:'))).toEqual([]);
  });

  it('forgets ids, then drops the days that nobody needs any more', async () => {
    await settle(0, 'old');
    await settle(2, 'young');
    await daysPass(standing, 10);
    await upkeep.run();
    expect(await ids()).toEqual(['young']);
    expect(await exists(partitionOf('request_history', 0))).toBe(true);
    await daysPass(standing, 91);
    await upkeep.run();
    expect(await ids()).toEqual([]);
    expect(await exists(partitionOf('request_history', 0))).toBe(false);
    expect(await exists(partitionOf('request_history', 1))).toBe(true);
  });

  it('ends at the first pause when it is stopped, and tells of no failure', async () => {
    for (const n of [0, 1]) await settle(-20, `r${n}`);
    upkeep.stop();
    await upkeep.run();
    expect(await ids()).toEqual(['r0', 'r1']);
    expect(log.lines).toEqual([]);
  });

  it('tries again where somebody holds a lock, then leaves it to the next hour and does the rest', async () => {
    await settle(-20, 'old');
    await daysPass(standing, 1);
    await withClient(fresh.url, async (other) => {
      await other.query('BEGIN; LOCK TABLE attempts IN ROW EXCLUSIVE MODE');
      await upkeep.run();
    });
    expect(clock.pauses.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(log.lines.filter((line) => line.startsWith('warn:'))).toEqual([
      expect.stringContaining('a part of the upkeep failed'),
      expect.stringContaining('partitions of the coming days are missing'),
    ]);
    expect(await ids()).toEqual([]);
    await upkeep.run();
    expect(await exists(partitionOf('attempts', 8))).toBe(true);
  });

  it('goes on as soon as the lock is given back', async () => {
    await daysPass(standing, 1);
    await withClient(fresh.url, async (other) => {
      await other.query('BEGIN; LOCK TABLE attempts IN ROW EXCLUSIVE MODE');
      const running = upkeep.run();
      await eventually(() => clock.pauses.length === 1, { within: 5_000, what: 'the first try failed' });
      await other.query('COMMIT');
      await running;
    });
    expect(log.count('warn')).toBe(0);
    expect(await exists(partitionOf('attempts', 8))).toBe(true);
  });

  it('raises the alarm when tomorrow has no partition', async () => {
    await daysPass(standing, 20);
    await standing.rows('DROP FUNCTION usher_make_partition');
    await upkeep.run();
    expect(log.lines).toContainEqual(expect.stringMatching(/^error: tomorrow has no partition/));
  });

  it('raises the alarm after a day of failures', async () => {
    await standing.rows('DROP FUNCTION usher_forget_facts');
    for (let hour = 0; hour < 23; hour += 1) await upkeep.run();
    expect(log.count('error')).toBe(0);
    await upkeep.run();
    expect(log.lines.at(-1)).toMatch(/^error: .*SELECT usher_forget_facts\(7, 5000\)/);
  });

  it.each([-2, 2])('forgets nothing on the word of a clock that is %d hours off', async (hours) => {
    await settle(-20, 'old');
    await upkeepWith(new HastyClock(hours * 3_600_000)).run();
    expect(await ids()).toEqual(['old']);
    expect(log.count('warn')).toBe(1);
    await upkeepWith(new HastyClock(hours * 60_000)).run();
    expect(await ids()).toEqual([]);
  });

  describe('for a role that owns nothing', () => {
    const role = `usher_${randomUUID().replaceAll('-', '')}`;
    let theirs: StandingRecords;

    beforeEach(async () => {
      // As the README has it.
      await standing.rows(`CREATE ROLE ${role} LOGIN PASSWORD 'runtime'`);
      await standing.rows(`GRANT USAGE ON SCHEMA public TO ${role}`);
      await standing.rows(`GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO ${role}`);
      await standing.rows(`GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO ${role}`);
      const url = new URL(fresh.url);
      url.username = role;
      url.password = 'runtime';
      theirs = await StandingRecords.start(url.href);
    });

    afterEach(async () => {
      await theirs.stop();
      await standing.rows(`DROP OWNED BY ${role}`);
      await standing.rows(`DROP ROLE ${role}`);
    });

    it('works with no right to create, drop or delete', async () => {
      const now = Date.now();
      const pick = aPick({ requestedAt: now, receivedAt: now, deadline: now + 30_000 });
      expect(await theirs.records.record(aSettlement(pick), null)).toBe('recorded');
      const claiming = { ...pick, requestId: 'calls' };
      const claimed = await theirs.records.claim(
        { request: claiming, call: callOf(claiming), prior: null, sample: null },
        never,
      );
      if (claimed.kind !== 'claimed') throw new Error(claimed.kind);
      expect(await theirs.records.settle(claimed.claim, doneBy(claiming), null)).toBe('recorded');
      await daysPass(standing, 100);
      expect(await theirs.records.find({ ...pick, requestedAt: now + 100 * 86_400_000 })).not.toBeNull();
      await upkeepWith(new HastyClock(), theirs).run();
      expect(await ids()).toEqual(['req-1']);
      expect(await exists(partitionOf('attempts', 0))).toBe(false);
      expect(await exists(partitionOf('attempts', 107))).toBe(true);
      expect(log.count('warn')).toBe(0);
    });

    it('tells the owner what to grant, where it may not run the functions', async () => {
      await standing.rows(`REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM ${role}`);
      const theirUpkeep = upkeepWith(new HastyClock(), theirs);
      for (let hour = 0; hour < 24; hour += 1) await theirUpkeep.run();
      expect(log.lines).toContainEqual(expect.stringMatching(/^error: .*GRANT EXECUTE ON ALL/));
    });
  });
});
