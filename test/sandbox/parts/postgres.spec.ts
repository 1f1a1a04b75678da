import pg from 'pg';
import { startPostgres } from '../../../sandbox/parts/postgres.js';
import type { Postgres } from '../../../sandbox/parts/postgres.js';

async function query(postgres: Postgres, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded Postgres', () => {
  let postgres: Postgres;

  beforeAll(async () => {
    postgres = await startPostgres({ settings: { work_mem: '5MB' } });
  });
  afterAll(() => postgres.stop());

  it('is as durable as production, with the settings that were asked for', async () => {
    const settings = await query(
      postgres,
      `select name, setting from pg_settings
       where name in ('fsync', 'synchronous_commit', 'max_connections', 'work_mem') order by name`,
    );
    expect(settings).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'max_connections', setting: '200' },
      { name: 'synchronous_commit', setting: 'on' },
      { name: 'work_mem', setting: '5120' },
    ]);
  });

  it('comes back at the same address with what was committed before a crash', async () => {
    await query(postgres, 'create table kept as select 7 as n');
    const before = postgres.pid;
    await postgres.crash();
    await postgres.start();
    expect(postgres.pid).not.toBe(before);
    expect(await query(postgres, 'select n from kept')).toEqual([{ n: 7 }]);
  });

  it('is shut down although sessions are open, and comes back', async () => {
    const session = new pg.Client({ connectionString: postgres.url });
    const cut = new Promise((resolve) => session.on('error', resolve));
    await session.connect();
    await postgres.shutDown();
    await cut;
    await postgres.start();
    expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});
