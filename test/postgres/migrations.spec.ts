import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { startPostgres } from '../../sandbox/parts/postgres.js';
import type { Postgres } from '../../sandbox/parts/postgres.js';
import { applyMigrations, migrationNames } from '../../src/postgres/migrations.js';
import { eventually } from '../support/eventually.js';
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
