import pg from 'pg';
import { startPostgres } from '../../sandbox/parts/postgres.js';
import { DatabaseClosed, isPassing } from '../../src/postgres/database.js';
import type { Database } from '../../src/postgres/database.js';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { openDatabase, partsFor } from './standing-records.js';
import { withClient } from './with-client.js';

let named = 0;
const statement = (text: string) => ({ name: `test ${(named += 1)}`, text });

describe('the database', () => {
  let fresh: FreshDatabase;
  let database: Database;
  let parts: ReturnType<typeof partsFor>;

  beforeAll(async () => {
    fresh = await freshDatabase();
  });

  beforeEach(() => {
    parts = partsFor(fresh.url);
    database = openDatabase(parts);
  });

  afterEach(() => database.close());
  afterAll(() => fresh.drop());

  const note = statement('INSERT INTO noted (n) VALUES ($1) ON CONFLICT DO NOTHING RETURNING n');

  /** Runs `use` while a statement of `database` waits for a lock; `pid`: its server process. */
  const whileWaiting = async (use: (client: pg.Client, pid: number) => Promise<void>): Promise<number> =>
    withClient(fresh.url, async (client) => {
      await client.query('SELECT pg_advisory_lock(1)');
      const answer = database.run<{ answer: number }>(
        statement('SELECT 42 AS answer FROM (SELECT pg_advisory_xact_lock(1)) AS waited'),
        [],
      );
      let pid = 0;
      await eventually(
        async () => {
          const waits = `SELECT pid FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()`;
          pid = (await client.query<{ pid: number }>(waits)).rows[0]?.pid ?? 0;
          return pid !== 0;
        },
        { within: 5_000, what: 'the statement waits' },
      );
      await use(client, pid);
      await client.query('SELECT pg_advisory_unlock_all()');
      return (await answer)[0]?.answer ?? 0;
    });

  it('repeats a statement whose connection was cut in the middle', async () => {
    const answer = await whileWaiting(async (client, pid) => {
      await client.query('SELECT pg_terminate_backend($1)', [pid]);
    });
    expect(answer).toBe(42);
    expect(parts.log.lines).toContain('warn: Postgres did not take a statement; trying again');
  });

  it('repeats a statement that was cancelled', async () => {
    const answer = await whileWaiting(async (client, pid) => {
      await client.query('SELECT pg_cancel_backend($1)', [pid]);
    });
    expect(answer).toBe(42);
    expect(parts.log.fields).toContainEqual(expect.objectContaining({ tries: 1 }));
  });

  it('survives that all idle connections are cut', async () => {
    await database.run(statement('SELECT 1'), []);
    await withClient(fresh.url, (client) =>
      client.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      ),
    );
    expect(await database.run(statement('SELECT 2 AS two'), [])).toEqual([{ two: 2 }]);
  });

  it('repeats what was aborted by a deadlock', async () => {
    const lock = (first: number, second: number) =>
      database.run(
        statement(`SELECT pg_advisory_xact_lock(${first}), pg_sleep(0.3), pg_advisory_xact_lock(${second})`),
        [],
      );
    await Promise.all([lock(11, 12), lock(12, 11)]);
    const aborts = parts.log.fields.filter(({ error }) => error === 'deadlock detected');
    expect(aborts).toHaveLength(1);
  });

  it('rejects at once with what Postgres says about the content', async () => {
    await expect(database.run(statement('SELECT 1 / 0'), [])).rejects.toThrow('division by zero');
    await expect(database.run(statement(`SELECT '{'::json`), [])).rejects.toThrow('invalid input syntax');
    expect(parts.log.lines).toEqual([]);
  });

  it('gives a statement back at once that somebody obstructs, where it is asked to: its batch can be split', async () => {
    const holder = await database.pool.connect();
    await database.run(statement('CREATE TABLE obstructed AS SELECT 1 AS n'), []);
    await holder.query('BEGIN');
    await holder.query('SELECT FROM obstructed FOR UPDATE');
    const change = statement('UPDATE obstructed SET n = 2');
    await expect(database.run(change, [], { obstructed: 'throw' })).rejects.toMatchObject({ code: '55P03' });
    const patient = database.run(change, []);
    await holder.query('COMMIT');
    holder.release();
    expect(await patient).toEqual([]);
  });

  it('shows its statements as its own, each dedicated connection by its name', async () => {
    const name = statement(
      'SELECT application_name AS name FROM pg_stat_activity WHERE pid = pg_backend_pid()',
    );
    expect(await database.run(name, [])).toEqual([{ name: 'usher' }]);
    expect(await database.run(name, [], { pool: database.dedicated('calls') })).toEqual([
      { name: 'usher calls' },
    ]);
  });

  it('gives up what it repeats when it is closed', async () => {
    const away = openDatabase(partsFor('postgresql://nobody:secret@127.0.0.1:1/nothing'));
    const running = away.run(statement('SELECT 1'), []);
    await new Promise(setImmediate);
    await away.close();
    await expect(running).rejects.toBeInstanceOf(DatabaseClosed);
    await expect(away.run(statement('SELECT 1'), [])).rejects.toBeInstanceOf(DatabaseClosed);
  });

  it('logs no password while it repeats', async () => {
    const silent = partsFor('postgresql://nobody:pg-secret-pw@127.0.0.1:1/nothing');
    const away = openDatabase(silent);
    const running = away.run(statement('SELECT 1'), []).catch(() => undefined);
    await eventually(() => silent.log.count('warn') > 0, { within: 5_000, what: 'a warning' });
    await away.close();
    await running;
    expect(JSON.stringify([silent.log.lines, silent.log.fields])).not.toContain('pg-secret-pw');
  });

  it('goes on after the server was restarted, and after it crashed', async () => {
    const server = await startPostgres();
    const surviving = openDatabase(partsFor(server.url));
    try {
      await surviving.run(statement('CREATE TABLE noted (n integer PRIMARY KEY)'), []);
      for (const [n, end] of [() => server.shutDown(), () => server.crash()].entries()) {
        await end();
        const writing = surviving.run(note, [n]);
        await server.start();
        expect(await writing).toEqual([{ n }]);
      }
      expect(await surviving.run(statement('SELECT n FROM noted ORDER BY n'), [])).toEqual([
        { n: 0 },
        { n: 1 },
      ]);
    } finally {
      await surviving.close();
      await server.stop();
    }
  });
});

describe('an error passes', () => {
  const ofPostgres = (code: string): Error =>
    Object.assign(new pg.DatabaseError('words', 5, 'error'), { code });

  it.each([
    ['40P01', 'a deadlock'],
    ['40001', 'a serialization failure'],
    ['55P03', 'a lock timeout'],
    ['57014', 'a statement timeout'],
    ['57P01', 'a shutdown'],
    ['57P03', 'a server that is starting'],
    ['53300', 'too many connections'],
    ['08006', 'a broken connection'],
    ['25006', 'a server that is still a standby'],
  ])('by Postgres code %s: %s', (code) => {
    expect(isPassing(ofPostgres(code))).toBe(true);
  });

  it.each(['22P02', '23505', '23514', '42P01', '42501', '22003'])('not by Postgres code %s', (code) => {
    expect(isPassing(ofPostgres(code))).toBe(false);
  });

  it.each(['ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'ETIMEDOUT'])('by code %s of the socket', (code) => {
    expect(isPassing(Object.assign(new Error('words'), { code }))).toBe(true);
  });

  it.each([
    'Connection terminated unexpectedly',
    'timeout exceeded when trying to connect',
    'Client was closed and is not queryable',
    'Client has encountered a connection error and is not queryable',
  ])("by the driver's words: %s", (words) => {
    expect(isPassing(new Error(words))).toBe(true);
  });

  it('not when it is a bug of our own', () => {
    expect(isPassing(new TypeError('undefined is not a function'))).toBe(false);
    expect(isPassing('words')).toBe(false);
  });
});
