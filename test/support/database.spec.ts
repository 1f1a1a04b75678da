import pg from 'pg';
import { freshDatabase } from './database.js';

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('a fresh database', () => {
  it('has the migrations applied', async () => {
    const database = await freshDatabase();
    const applied = await query(database.url, 'select count(*)::int as n from _prisma_migrations');
    expect(applied[0]?.['n']).toBeGreaterThan(0);
    await database.drop();
  });

  it("is nobody else's: what is written in one is not seen in another", async () => {
    const [one, other] = await Promise.all([freshDatabase(), freshDatabase()]);
    await query(one.url, 'create table mine (n int)');
    await expect(query(other.url, 'select * from mine')).rejects.toThrow('relation "mine" does not exist');
    await Promise.all([one.drop(), other.drop()]);
  });

  it('is dropped although a session is open', async () => {
    const database = await freshDatabase();
    const session = new pg.Client({ connectionString: database.url });
    const cut = new Promise((resolve) => session.on('error', resolve));
    await session.connect();
    await database.drop();
    await cut;
    await expect(query(database.url, 'select 1')).rejects.toThrow('does not exist');
  });
});
