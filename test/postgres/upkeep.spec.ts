import { Upkeep } from '../../src/postgres/upkeep.js';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { StandingRecords } from './standing-records.js';

describe('the upkeep', () => {
  let fresh: FreshDatabase;
  let standing: StandingRecords;
  let upkeep: Upkeep;

  beforeEach(async () => {
    fresh = await freshDatabase();
    standing = await StandingRecords.start(fresh.url);
    upkeep = new Upkeep(standing.database, standing.parts.log);
  });

  afterEach(async () => {
    upkeep.stop();
    await standing.stop();
    await fresh.drop();
  });

  const newest = async (): Promise<string | undefined> => {
    const rows = await standing.rows<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relname ~ '^attempts_[0-9]{8}$' ORDER BY relname DESC LIMIT 1`,
    );
    return rows[0]?.name;
  };

  it('makes the partitions of the coming days at once', async () => {
    const last = await newest();
    await standing.rows(`DROP TABLE ${last ?? ''}`);
    upkeep.start();
    await eventually(async () => (await newest()) === last, { within: 5_000, what: 'the partition is made' });
  });

  it('warns, and harms nothing, where it cannot', async () => {
    await standing.rows('DROP FUNCTION usher_make_partitions');
    upkeep.start();
    await eventually(() => standing.parts.log.count('warn') === 1, { within: 5_000, what: 'a warning' });
  });
});
