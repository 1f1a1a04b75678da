import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { migrationNames } from '../../src/postgres/migrations.js';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { daysPass, inDays, partitionOf } from './days-pass.js';
import { attemptRow, claimedRequest, historyRow, insert } from './rows.js';
import type { Row } from './rows.js';
import { StandingRecords } from './standing-records.js';
import { refusal, withClient } from './with-client.js';

const scriptOf = (name: string): Promise<string> =>
  readFile(new URL(`../../prisma/migrations/${name}/migration.sql`, import.meta.url), 'utf8');

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

/** What a function answers. */
const call = async (text: string): Promise<unknown> =>
  (await standing.rows<{ done: unknown }>(`SELECT ${text} AS done`))[0]?.done;

/** What a function answers until nothing is left. */
const exhaust = async (text: string): Promise<unknown[]> => {
  const all: unknown[] = [];
  for (let done = await call(text); done !== null && done !== 0; done = await call(text)) all.push(done);
  return all;
};

const partitions = async (): Promise<string[]> =>
  (
    await standing.rows<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits
        WHERE inhparent IN ('request_history'::regclass, 'publications'::regclass, 'attempts'::regclass) ORDER BY 1`,
    )
  ).map(({ name }) => name);

const put = (table: string, row: Row): Promise<void> =>
  insert(standing.database.pool as unknown as pg.ClientBase, table, row);

/** A settled request with its history, as if it had arrived so many days from now. */
async function settled(days: number, request_id = 'r1', over: Row = {}): Promise<void> {
  const received_at = inDays(days);
  await put('seat_requests', claimedRequest({ request_id, state: 'settled', received_at }));
  await put('request_history', historyRow({ request_id, received_at, ...over }));
}

const remembered = async (): Promise<string[]> =>
  (await standing.rows<{ id: string }>('SELECT request_id AS id FROM seat_requests ORDER BY 1')).map(
    ({ id }) => id,
  );

describe('making partitions', () => {
  it('makes the earliest missing day first, one a call, up to so many days ahead', async () => {
    await daysPass(standing, 2);
    const parents = ['attempts', 'publications', 'request_history'];
    expect(await exhaust('usher_make_partition(7)')).toEqual(
      [8, 9].flatMap((days) => parents.map((parent) => partitionOf(parent, days))),
    );
  });

  it('gives a partition the keys, checks and indexes of its parent', async () => {
    await daysPass(standing, 1);
    await exhaust('usher_make_partition(7)');
    const shape = (table: string) =>
      standing.rows(
        `SELECT replace(pg_get_indexdef(indexrelid), '${table}', 't') AS made FROM pg_index WHERE indrelid = '${table}'::regclass
         UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '${table}'::regclass ORDER BY 1`,
      );
    const now = partitionOf('attempts', 8);
    const before = await shape(partitionOf('attempts', 7));
    expect(before.length).toBeGreaterThan(3);
    expect(await shape(now)).toEqual(before);
    const outside = attemptRow({ slot_at: inDays(8), purpose: 'curiosity' });
    expect(await refusal(put('attempts', outside))).toBe('23514');
  });

  it('moves the rows of a day out of the default partition, where there are few', async () => {
    for (const request_id of ['a', 'b'])
      await put('request_history', historyRow({ request_id, received_at: inDays(9) }));
    await put('request_history', historyRow({ request_id: 'another day', received_at: inDays(30) }));
    await daysPass(standing, 2);
    expect(await exhaust('usher_make_partition(7)')).toContain(partitionOf('request_history', 9));
    const where = await standing.rows(
      'SELECT request_id, tableoid::regclass::text AS lies FROM request_history ORDER BY 1',
    );
    expect(where).toEqual([
      { request_id: 'a', lies: partitionOf('request_history', 9) },
      { request_id: 'another day', lies: 'request_history_default' },
      { request_id: 'b', lies: partitionOf('request_history', 9) },
    ]);
  });

  it('leaves a day out of which too many rows lie in the default partition, and makes all others', async () => {
    for (const request_id of ['a', 'b', 'c'])
      await put('publications', {
        sdk_app_id: 1,
        request_id,
        received_at: inDays(9),
        published_at: inDays(9),
      });
    await daysPass(standing, 3);
    const made = await exhaust('usher_make_partition(7, 2)');
    expect(made).toHaveLength(8);
    expect(made).not.toContain(partitionOf('publications', 9));
    expect(await exhaust('usher_make_partition(7, 3)')).toEqual([partitionOf('publications', 9)]);
  });

  it('waits for nobody longer than a moment, and changes nothing then', async () => {
    await daysPass(standing, 1);
    await withClient(fresh.url, async (other) => {
      await other.query('BEGIN; LOCK TABLE attempts IN ROW EXCLUSIVE MODE');
      expect(await refusal(call('usher_make_partition(7)'))).toBe('55P03');
    });
    expect(await exhaust('usher_make_partition(7)')).toHaveLength(3);
  });

  it('never has a row refused that was on its way when its day got a partition', async () => {
    await daysPass(standing, 1);
    await withClient(fresh.url, async (maker) => {
      await maker.query('BEGIN; SELECT usher_make_partition(7); SELECT usher_make_partition(7)');
      const late = put('attempts', attemptRow({ slot_at: inDays(8) }));
      const waits = `SELECT FROM pg_locks WHERE NOT granted AND relation = 'attempts'::regclass`;
      await eventually(async () => (await standing.rows(waits)).length === 1, {
        within: 5_000,
        what: 'the writer waits',
      });
      await maker.query('COMMIT');
      await late;
    });
    const lies = await standing.rows('SELECT tableoid::regclass::text AS lies FROM attempts');
    expect(lies).toEqual([{ lies: partitionOf('attempts', 8) }]);
  });

  it('does not stop those who read other days', async () => {
    await daysPass(standing, 1);
    await withClient(fresh.url, async (analyst) => {
      await analyst.query('BEGIN');
      const [from, to] = [0, 1].map((days) => inDays(days).toISOString().slice(0, 10));
      await analyst.query(
        `SELECT * FROM analytics.attempts WHERE slot_at >= '${from ?? ''} 00:00Z' AND slot_at < '${to ?? ''} 00:00Z'`,
      );
      expect(await exhaust('usher_make_partition(7)')).toHaveLength(3);
    });
  });
});

describe('dropping partitions', () => {
  it('drops whole days, oldest first, once their last row is older than the retention', async () => {
    const before = await partitions();
    await daysPass(standing, 91);
    const dropped = await exhaust('usher_drop_partition(90)');
    const days = [-1, 0].flatMap((n) =>
      ['attempts', 'publications', 'request_history'].map((parent) => partitionOf(parent, n)),
    );
    expect(dropped).toEqual(days);
    expect(await partitions()).toEqual(before.filter((name) => !days.includes(name)));
  });

  it('keeps the history of an id that is still remembered, and of that day alone', async () => {
    await settled(1);
    await daysPass(standing, 100);
    const dropped = await exhaust('usher_drop_partition(90)');
    expect(dropped).toContain(partitionOf('request_history', 0));
    expect(dropped).toContain(partitionOf('request_history', 2));
    expect(dropped).toContain(partitionOf('attempts', 1));
    const kept = [partitionOf('publications', 1), partitionOf('request_history', 1)];
    expect((await partitions()).filter((name) => !name.endsWith('_default'))).toEqual(kept);
    expect(await exhaust('usher_forget_ids(8, 10)')).toEqual([1]);
    expect(await exhaust('usher_drop_partition(90)')).toEqual(kept);
  });

  it('keeps the attempt of a claim that is still open', async () => {
    const at = inDays(1);
    await put('seat_requests', claimedRequest({ received_at: inDays(0), slot_at: at }));
    await put('attempts', attemptRow({ slot_at: at }));
    await daysPass(standing, 100);
    await exhaust('usher_drop_partition(90)');
    expect((await partitions()).filter((name) => !name.endsWith('_default'))).toEqual([
      partitionOf('attempts', 1),
    ]);
  });

  it('leaves partitions by other names alone', async () => {
    await standing.rows(
      `CREATE TABLE attempts_archive PARTITION OF attempts FOR VALUES FROM ('2020-01-01Z') TO ('2021-01-01Z')`,
    );
    await daysPass(standing, 400);
    await exhaust('usher_drop_partition(90)');
    expect(await partitions()).toContain('attempts_archive');
  });

  it('takes a retention of nothing for a day', async () => {
    expect(await call('usher_drop_partition(0)')).toBeNull();
    expect(await call('usher_drop_partition(-400)')).toBeNull();
  });

  it('gives way to a reader', async () => {
    await daysPass(standing, 91);
    await withClient(fresh.url, async (analyst) => {
      await analyst.query('BEGIN; SELECT count(*) FROM publications');
      expect(await call('usher_drop_partition(90)')).toBe(partitionOf('attempts', -1));
      expect(await refusal(call('usher_drop_partition(90)'))).toBe('55P03');
    });
    expect(await exhaust('usher_drop_partition(90)')).toHaveLength(5);
  });
});

describe('forgetting', () => {
  it('forgets ids a day after their messages became too old', async () => {
    await settled(0);
    await daysPass(standing, 9, -60_000);
    expect(await exhaust('usher_forget_ids(8, 10)')).toEqual([]);
    await daysPass(standing, 9, 60_000);
    expect(await exhaust('usher_forget_ids(8, 10)')).toEqual([1]);
    expect(await remembered()).toEqual([]);
  });

  it('forgets in small pieces, oldest first', async () => {
    for (const n of [0, 1, 2, 3, 4]) await settled(-20 + n, `r${n}`);
    await settled(0, 'young');
    expect(await call('usher_forget_ids(8, 2)')).toBe(2);
    expect(await remembered()).toEqual(['r2', 'r3', 'r4', 'young']);
    expect(await exhaust('usher_forget_ids(8, 2)')).toEqual([2, 1]);
    expect(await remembered()).toEqual(['young']);
  });

  it('never forgets a request whose claim stands', async () => {
    await put('seat_requests', claimedRequest({ state: 'claimed', received_at: inDays(-400) }));
    expect(await exhaust('usher_forget_ids(8, 10)')).toEqual([]);
    expect(await remembered()).toEqual(['r1']);
  });

  it('forgets a request that nobody settled once its message is too old', async () => {
    await put('seat_requests', claimedRequest({ state: 'released', received_at: inDays(-400) }));
    expect(await exhaust('usher_forget_ids(8, 10)')).toEqual([1]);
    expect(await remembered()).toEqual([]);
  });

  it('remembers an id from the last message that carried it', async () => {
    await settled(-10, 'a');
    await settled(-20, 'b');
    await standing.rows(
      `UPDATE seat_requests SET last_seen_at = usher_now() - interval '8 days'  WHERE request_id = 'a'`,
    );
    await standing.rows(
      `UPDATE seat_requests SET last_seen_at = usher_now() - interval '10 days' WHERE request_id = 'b'`,
    );
    expect(await exhaust('usher_forget_ids(8, 10)')).toEqual([1]);
    expect(await remembered()).toEqual(['a']);
  });

  it('remembers an id as long as its message is young, if the clock that stamped the message was ahead', async () => {
    await settled(-10, 'stamped ahead', { requested_at: inDays(-5) });
    await settled(-10, 'usual');
    expect(await exhaust('usher_forget_ids(8, 10)')).toEqual([1]);
    expect(await remembered()).toEqual(['stamped ahead']);
  });

  it('passes over what somebody holds', async () => {
    await settled(-20, 'held');
    await settled(-20, 'free');
    await withClient(fresh.url, async (other) => {
      await other.query(`BEGIN; SELECT * FROM seat_requests WHERE request_id = 'held' FOR UPDATE`);
      expect(await exhaust('usher_forget_ids(8, 10)')).toEqual([1]);
    });
    expect(await remembered()).toEqual(['held']);
  });

  it('deletes from the default partitions what nobody needs', async () => {
    await settled(-100, 'needed');
    for (const days of [-100, -95, -80]) {
      const received_at = inDays(days);
      await put('request_history', historyRow({ received_at, request_id: `r${days}` }));
      await put('publications', {
        sdk_app_id: 1,
        request_id: `r${days}`,
        received_at,
        published_at: received_at,
      });
      await put('attempts', attemptRow({ slot_at: received_at, request_id: `r${days}` }));
    }
    await put('attempts', attemptRow({ slot_at: inDays(-100), request_id: null }));
    await put('attempts', attemptRow({ slot_at: inDays(-100), request_id: 'open' }));
    await put('seat_requests', claimedRequest({ request_id: 'open', slot_at: inDays(-100) }));
    expect(await exhaust('usher_forget_strays(90, 1)')).toEqual([3, 3, 1]);
    const left = (table: string) => standing.rows(`SELECT request_id AS id FROM ${table} ORDER BY 1`);
    expect(await left('request_history')).toEqual([{ id: 'needed' }, { id: 'r-80' }]);
    expect(await left('publications')).toEqual([{ id: 'r-80' }]);
    expect(await left('attempts')).toEqual([{ id: 'open' }, { id: 'r-80' }]);
  });

  it('forgets what was not seen of a room for a week', async () => {
    const fact = {
      sdk_app_id: 1,
      room_id: 'r',
      subject: 'seat',
      member_account: '',
      state: 'free',
      source: 'read',
    };
    for (const [seat_index, days] of [-6.9, -7.1, -30].entries())
      await put('mirror_facts', { ...fact, seat_index, seen_from: inDays(days), seen_to: inDays(days) });
    expect(await exhaust('usher_forget_facts(7, 1)')).toEqual([1, 1]);
    expect(await standing.rows('SELECT seat_index FROM mirror_facts')).toEqual([{ seat_index: '0' }]);
  });

  it('forgets dead letters', async () => {
    const letter = { kafka_topic: 't', kafka_partition: 0, reason: 'empty', detail: 'd', headers: '[]' };
    for (const [kafka_offset, days] of [-89, -91, -200].entries())
      await put('dead_letters', { ...letter, kafka_offset, seen_at: inDays(days) });
    expect(await exhaust('usher_forget_dead_letters(90, 1)')).toEqual([1, 1]);
    expect(await standing.rows('SELECT kafka_offset FROM dead_letters')).toEqual([{ kafka_offset: '0' }]);
  });
});

describe('the rights of whoever runs it', () => {
  const functions = async (client: pg.Client, role: string): Promise<string[]> => {
    const text = `SELECT proname AS name FROM pg_proc WHERE prosecdef AND has_function_privilege('${role}', oid, 'EXECUTE')
                   ORDER BY 1`;
    return (await client.query<{ name: string }>(text)).rows.map(({ name }) => name);
  };

  it('are granted by the upgrade to the roles that could make partitions before, and to no other', async () => {
    const name = `upgraded_${randomUUID().replaceAll('-', '')}`;
    const url = new URL(fresh.url);
    url.pathname = `/${name}`;
    await standing.rows(`CREATE DATABASE ${name}`);
    try {
      await withClient(url.href, async (client) => {
        const migrate = async (names: readonly string[]): Promise<void> => {
          for (const each of names) await client.query(await scriptOf(each));
        };
        const all = await migrationNames();
        const here = all.indexOf('20261124020000_retention');
        await migrate(all.slice(0, here));
        await client.query(`CREATE ROLE "${name} runs"; CREATE ROLE ${name}_other`);
        await client.query(`GRANT EXECUTE ON FUNCTION usher_make_partitions(integer) TO "${name} runs"`);
        await migrate(all.slice(here));
        expect(await functions(client, `${name}_other`)).toEqual([]);
        const definers = await functions(client, 'postgres');
        expect(definers.length).toBeGreaterThan(5);
        expect(await functions(client, `${name} runs`)).toEqual(definers);
        await client.query(`DROP OWNED BY "${name} runs"; DROP ROLE "${name} runs", ${name}_other`);
      });
    } finally {
      await standing.rows(`DROP DATABASE ${name} WITH (FORCE)`);
    }
  });

  it('reach no further than the tables of the service: no search path leads elsewhere', async () => {
    const paths = await standing.rows(
      `SELECT DISTINCT (SELECT setting FROM unnest(proconfig) AS setting WHERE setting LIKE 'search_path=%') AS path
         FROM pg_proc WHERE prosecdef`,
    );
    expect(paths).toEqual([{ path: 'search_path=pg_catalog, pg_temp' }]);
  });
});
