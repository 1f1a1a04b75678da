import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { startPostgres } from '../../sandbox/parts/postgres.js';
import type { Postgres } from '../../sandbox/parts/postgres.js';
import { applyMigrations, migrationNames } from '../../src/postgres/migrations.js';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { claimedRequest, historyRow, insert } from './rows.js';
import { actingAs, withClient } from './with-client.js';

const scriptOf = (name: string): Promise<string> =>
  readFile(new URL(`../../prisma/migrations/${name}/migration.sql`, import.meta.url), 'utf8');

/** The same server, another database. */
function otherDatabase(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

/** Whether a session of that database waits for the transaction of another one. */
async function waitsForAnother(url: string): Promise<boolean> {
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'transactionid'`;
  const { rowCount } = await withClient(url, (client) => client.query(waiting));
  return rowCount === 1;
}

/** The SQLSTATE with which a statement was refused. */
async function refusal(statement: Promise<unknown>): Promise<string | undefined> {
  try {
    await statement;
    return 'accepted';
  } catch (error) {
    return error instanceof pg.DatabaseError ? error.code : String(error);
  }
}

describe('applying the migrations', () => {
  // A server of its own: the role is the cluster's, and the shared cluster has it already.
  let server: Postgres;

  beforeAll(async () => {
    server = await startPostgres({ settings: { fsync: 'off' } });
  });

  afterAll(async () => {
    await server.stop();
  });

  const made: string[] = [];

  afterEach(async () => {
    await withClient(server.url, async (client) => {
      for (const name of made.splice(0)) await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await client.query('DROP ROLE IF EXISTS usher_analyst');
    });
  });

  async function emptyDatabase(owner = 'postgres'): Promise<string> {
    const name = `empty_${randomUUID().replaceAll('-', '')}`;
    await withClient(server.url, (client) => client.query(`CREATE DATABASE ${name} OWNER ${owner}`));
    made.push(name);
    return otherDatabase(server.url, name);
  }

  it('fills an empty database, and once more is harmless', async () => {
    const url = await emptyDatabase();
    const all = await migrationNames();
    expect(await applyMigrations(url)).toEqual(all);
    expect(await applyMigrations(url)).toEqual([]);
  });

  it('leaves the record that `prisma migrate deploy` expects', async () => {
    const url = await emptyDatabase();
    await applyMigrations(url);
    const record = `SELECT migration_name, checksum FROM _prisma_migrations
                     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`;
    const { rows } = await withClient(url, (client) => client.query(record));
    const expected = (await migrationNames()).map(async (name) => ({
      migration_name: name,
      checksum: createHash('sha256')
        .update(await scriptOf(name))
        .digest('hex'),
    }));
    expect(rows).toEqual(await Promise.all(expected));
  });

  it('succeeds for three at once, and one of them does all the work', async () => {
    const url = await emptyDatabase();
    const applied = await Promise.all([applyMigrations(url), applyMigrations(url), applyMigrations(url)]);
    expect(applied.map((names) => names.length).sort()).toEqual([0, 0, (await migrationNames()).length]);
  });

  it('succeeds in three databases of one cluster at once, although all make the same role', async () => {
    const urls = [await emptyDatabase(), await emptyDatabase(), await emptyDatabase()];
    const all = await migrationNames();
    expect(await Promise.all(urls.map(applyMigrations))).toEqual([all, all, all]);
  });

  it('waits for a role that another session is making, and takes it', async () => {
    const url = await emptyDatabase();
    await withClient(server.url, async (other) => {
      await other.query('BEGIN; CREATE ROLE usher_analyst NOLOGIN');
      const applying = applyMigrations(url);
      await eventually(() => waitsForAnother(url), {
        within: 20_000,
        what: 'the migration waits for the role',
      });
      await other.query('COMMIT');
      expect(await applying).toEqual(await migrationNames());
    });
  });

  it('goes on without the role where it may not be made, and says what to run', async () => {
    await withClient(server.url, (client) => client.query(`CREATE ROLE plain LOGIN PASSWORD 'plain'`));
    const adminUrl = await emptyDatabase('plain');
    const url = new URL(adminUrl);
    url.username = url.password = 'plain';
    const warnings = await withClient(url.href, async (client) => {
      const seen: { severity: string | undefined; message: string | undefined; hint: string | undefined }[] =
        [];
      client.on('notice', ({ severity, message, hint }) => seen.push({ severity, message, hint }));
      for (const name of await migrationNames()) await client.query(await scriptOf(name));
      return seen.filter(({ severity }) => severity === 'WARNING');
    });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toContain('usher_analyst does not exist and plain may not create it');

    await withClient(adminUrl, async (admin) => {
      await admin.query(warnings[0]?.hint ?? '');
      const read = admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1 AND NOT rolcanlogin', [
        'usher_analyst',
      ]);
      expect((await read).rowCount).toBe(1);
      await actingAs(admin, 'usher_analyst', () => admin.query('SELECT * FROM analytics.requests'));
      // Views of later migrations, made by the owner, need no further grant.
      await admin.query('SET ROLE plain; CREATE VIEW analytics.later AS SELECT 1 AS one; RESET ROLE');
      await actingAs(admin, 'usher_analyst', () => admin.query('SELECT * FROM analytics.later'));
    });
  });
});

describe('what the schema refuses beyond the model', () => {
  let database: FreshDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await freshDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  afterEach(async () => {
    await client.query('TRUNCATE seat_requests, request_history, publications, attempts');
  });

  const claim = (over: Record<string, unknown>): Promise<string | undefined> =>
    refusal(insert(client, 'seat_requests', claimedRequest(over)));

  it('knows the states claimed, released and settled, and no other', async () => {
    expect(await claim({ request_id: 'a', state: 'claimed' })).toBe('accepted');
    expect(await claim({ request_id: 'b', state: 'released' })).toBe('accepted');
    expect(await claim({ request_id: 'c', state: 'settled' })).toBe('accepted');
    expect(await claim({ request_id: 'd', state: 'queued' })).toBe('23514');
  });

  it.each(['nonce', 'call', 'slot_at', 'send_by', 'quiet_at'])(
    'refuses an open claim without %s, not a settled one',
    async (part) => {
      expect(await claim({ [part]: null })).toBe('23514');
      expect(await claim({ [part]: null, state: 'released' })).toBe('23514');
      expect(await claim({ [part]: null, state: 'settled' })).toBe('accepted');
    },
  );

  it('counts the attempts of a claim from 1', async () => {
    expect(await claim({ attempt: 0 })).toBe('23514');
    expect(await claim({ attempt: 0, state: 'settled' })).toBe('accepted');
  });

  it('keeps one row a request, whatever its state', async () => {
    expect(await claim({ state: 'settled' })).toBe('accepted');
    expect(await claim({ seat_index: 9, member_account: 'other' })).toBe('23505');
    expect(await claim({ seat_index: 9, member_account: 'other', sdk_app_id: 2 })).toBe('accepted');
  });

  const rival = (over: Record<string, unknown>): Promise<string | undefined> =>
    claim({ request_id: 'rival', seat_index: 2, member_account: 'user3', ...over });

  it.each([
    ['the same seat', { seat_index: 1 }],
    ['the same member', { member_account: 'user2' }],
  ])('refuses a second open claim on %s of a room', async (_, same) => {
    expect(await claim({})).toBe('accepted');
    expect(await rival(same)).toBe('23505');
    expect(await rival({ ...same, room_id: 'another' })).toBe('accepted');
    expect(await rival({ ...same, sdk_app_id: 2 })).toBe('accepted');
  });

  it.each(['released', 'settled'])(
    'lets the next claim follow once the first is %s, and not be taken back',
    async (state) => {
      await insert(client, 'seat_requests', claimedRequest());
      await client.query('UPDATE seat_requests SET state = $1', [state]);
      expect(await rival({ seat_index: 1 })).toBe('accepted');
      const again = `UPDATE seat_requests SET state = 'claimed' WHERE request_id = 'r1'`;
      expect(await refusal(client.query(again))).toBe('23505');
    },
  );

  it('knows only the documented purposes of a call and sources of evidence', async () => {
    const attempt = `INSERT INTO attempts (slot_at, nonce, sdk_app_id, room_id, purpose, command, instance_id)
                     VALUES (now(), gen_random_uuid(), 1, 'r', $1, 'c', 'i')`;
    expect(await refusal(client.query(attempt, ['read-back']))).toBe('accepted');
    expect(await refusal(client.query(attempt, ['curiosity']))).toBe('23514');
    const fact = `INSERT INTO mirror_facts (sdk_app_id, room_id, subject, seat_index, member_account, state, source, seen_from, seen_to)
                  VALUES (1, 'r', $1, 1, '', 'free', $2, now(), now())`;
    expect(await refusal(client.query(fact, ['seat', 'read']))).toBe('accepted');
    expect(await refusal(client.query(fact, ['seats', 'read']))).toBe('23514');
    expect(await refusal(client.query(fact, ['room', 'rumour']))).toBe('23514');
  });

  describe('partitions', () => {
    const parents = ['request_history', 'publications', 'attempts'];
    const utcDay = (n: number): string =>
      new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');

    async function partitionOf(receivedAt: Date): Promise<string | undefined> {
      await insert(client, 'request_history', historyRow({ received_at: receivedAt }));
      const { rows } = await client.query<{ name: string }>(
        'SELECT tableoid::regclass::text AS name FROM request_history WHERE received_at = $1',
        [receivedAt],
      );
      return rows[0]?.name;
    }

    it('stand ready from today to seven days ahead, with a default for the rest', async () => {
      const { rows } = await client.query<{ name: string }>(
        `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = ANY ($1::regclass[])`,
        [parents],
      );
      const days = Array.from({ length: 8 }, (_, n) => utcDay(n));
      const expected = parents.flatMap((parent) => [...days, 'default'].map((day) => `${parent}_${day}`));
      expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(expected));
    });

    it('take a row on its own day, whatever the time zone of the session', async () => {
      await client.query(`SET timezone = 'Asia/Shanghai'`);
      const midnight = new Date(new Date().setUTCHours(0, 0, 0, 0) + 3 * 86_400_000);
      expect(await partitionOf(midnight)).toBe(`request_history_${utcDay(3)}`);
      expect(await partitionOf(new Date(midnight.getTime() - 1))).toBe(`request_history_${utcDay(2)}`);
      await client.query('RESET timezone');
    });

    it('take any other row in the default', async () => {
      expect(await partitionOf(new Date('2031-01-01T00:00:00Z'))).toBe('request_history_default');
      expect(await partitionOf(new Date('2001-01-01T00:00:00Z'))).toBe('request_history_default');
    });

    it('are made once: a second time makes nothing, two more days make six', async () => {
      const make = async (days: number): Promise<unknown> =>
        (await client.query<{ made: number }>('SELECT usher_make_partitions($1) AS made', [days])).rows[0]
          ?.made;
      expect(await make(7)).toBe(0);
      expect(await make(9)).toBe(6);
    });

    it('may not be made by PUBLIC, but by whoever is granted the function alone', async () => {
      const role = `maker_${randomUUID().replaceAll('-', '')}`;
      await client.query(`CREATE ROLE ${role}`);
      try {
        const make = (): Promise<string | undefined> =>
          actingAs(client, role, () => refusal(client.query('SELECT usher_make_partitions(20)')));
        expect(await make()).toBe('42501');
        await client.query(`GRANT EXECUTE ON FUNCTION usher_make_partitions(integer) TO ${role}`);
        expect(await make()).toBe('accepted');
      } finally {
        await client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      }
    });
  });
});
