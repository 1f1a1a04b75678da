import type { DeadLetter } from '../../src/commands/ports.js';
import { PostgresDeadLetterRecords } from '../../src/postgres/postgres-dead-letter-records.js';
import { aDeadLetter, deadLetterRecordsContract } from '../contracts/dead-letter-records.contract.js';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { FakeDeadLetterRecords } from '../support/fakes/fake-dead-letter-records.js';
import { StandingRecords } from './standing-records.js';

type Row = Omit<DeadLetter, 'headers'> & { readonly headers: { key: string; value: string }[] };

describe('FakeDeadLetterRecords', () => {
  deadLetterRecordsContract(() => {
    const records = new FakeDeadLetterRecords();
    return Promise.resolve({ records, kept: () => Promise.resolve(records.letters) });
  });
});

describe('PostgresDeadLetterRecords', () => {
  let database: FreshDatabase;
  let standing: StandingRecords;

  beforeAll(async () => {
    database = await freshDatabase();
    standing = await StandingRecords.start(database.url);
  });

  beforeEach(() => standing.rows('DELETE FROM dead_letters'));

  afterAll(async () => {
    await standing.stop();
    await database.drop();
  });

  const kept = async (): Promise<DeadLetter[]> => {
    const rows = await standing.rows<Row>(
      `SELECT kafka_topic AS topic, kafka_partition AS partition, kafka_offset::text AS "offset", reason, detail, key,
              value, headers, extract(epoch FROM seen_at)::float8 * 1000 AS "seenAt"
         FROM dead_letters ORDER BY kafka_offset`,
    );
    return rows.map((row) => ({
      ...row,
      headers: row.headers.map(({ key, value }) => ({ key, value: Buffer.from(value, 'base64') })),
    }));
  };

  deadLetterRecordsContract(() =>
    Promise.resolve({ records: new PostgresDeadLetterRecords(standing.database), kept }),
  );

  it('keeps the first mebibyte of a larger value, and its whole length', async () => {
    const value = Buffer.alloc(1_048_577, 'x');
    await new PostgresDeadLetterRecords(standing.database).record(aDeadLetter({ value }));
    const [letter] = await kept();
    expect(letter?.value?.equals(value.subarray(0, 1_048_576))).toBe(true);
    expect(await standing.rows('SELECT value_bytes::integer AS bytes FROM dead_letters')).toEqual([
      { bytes: 1_048_577 },
    ]);
  });
});
