import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { readPrismaSchema } from './prisma-schema.js';
import type { ExpectedTable } from './prisma-schema.js';

/** The catalogue in the words of the model: every table but Prisma's own and the partitions, which follow their parent. */
const catalogue = `
  SELECT c.relname AS table,
         (SELECT json_agg(json_build_object(
                   'column', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'nullable', NOT a.attnotnull,
                   'default', pg_get_expr(d.adbin, d.adrelid)) ORDER BY a.attnum)
            FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
         (SELECT json_agg(a.attname ORDER BY key.position)
            FROM pg_constraint p, unnest(p.conkey) WITH ORDINALITY AS key(number, position), pg_attribute a
           WHERE p.conrelid = c.oid AND p.contype = 'p' AND a.attrelid = c.oid AND a.attnum = key.number) AS "primaryKey"
    FROM pg_class c
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     AND c.relname <> '_prisma_migrations'
   ORDER BY c.relname`;

/** Order does not count: a column that a later migration adds comes last in the table, wherever it stands in the model. */
const byName = (tables: readonly ExpectedTable[]): ExpectedTable[] =>
  tables
    .map((table) => ({ ...table, columns: table.columns.toSorted((a, b) => (a.column < b.column ? -1 : 1)) }))
    .sort((a, b) => (a.table < b.table ? -1 : 1));

describe('schema.prisma and the migrated database', () => {
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

  const model = async (): Promise<ExpectedTable[]> =>
    byName(readPrismaSchema(await readFile(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8')));

  const found = async (): Promise<ExpectedTable[]> =>
    byName((await client.query<ExpectedTable>(catalogue)).rows);

  it('agree on tables, columns, types, nullability, defaults and primary keys', async () => {
    const expected = await model();
    expect(expected.length).toBeGreaterThan(0);
    expect(await found()).toEqual(expected);
  });

  it.each([
    ['a missing column', 'ALTER TABLE attempts DROP COLUMN message'],
    ['a column too many', 'ALTER TABLE publications ADD COLUMN extra text'],
    ['another type', 'ALTER TABLE dead_letters ALTER COLUMN kafka_offset TYPE integer'],
    ['a column that may be null', 'ALTER TABLE request_history ALTER COLUMN status DROP NOT NULL'],
    ['a missing default', 'ALTER TABLE mirror_facts ALTER COLUMN version DROP DEFAULT'],
    ['a missing key', 'ALTER TABLE call_budgets DROP CONSTRAINT call_budgets_pkey'],
    ['a table that the model does not know', 'CREATE TABLE another (id integer PRIMARY KEY)'],
  ])('are told apart by %s', async (_, change) => {
    await client.query('BEGIN');
    try {
      await client.query('DROP SCHEMA analytics CASCADE');
      await client.query(change);
      expect(await found()).not.toEqual(await model());
    } finally {
      await client.query('ROLLBACK');
    }
  });
});

describe('the reader of schema.prisma', () => {
  const model = (field: string, rest = ''): string =>
    `model Thing {\n  id Int\n  ${field}\n\n  @@id([id])\n  @@map("things")\n${rest}}\n`;

  it('reads names, types, lists, nulls and defaults', () => {
    const [thing] = readPrismaSchema(
      model('theSeats BigInt[] @map("the_seats")\n  at DateTime? @db.Timestamptz(6)\n  n Int @default(3)'),
    );
    expect(thing).toEqual({
      table: 'things',
      columns: [
        { column: 'id', type: 'integer', nullable: false, default: null },
        { column: 'the_seats', type: 'bigint[]', nullable: true, default: null },
        { column: 'at', type: 'timestamp with time zone', nullable: true, default: null },
        { column: 'n', type: 'integer', nullable: false, default: '3' },
      ],
      primaryKey: ['id'],
    });
  });

  it.each([
    ['an attribute it does not know', model('name String @unique')],
    ['a type it does not know', model('at DateTime')],
    ['a default it cannot compare', model('at DateTime @default(now()) @db.Timestamptz(6)')],
    ['an index', model('name String', '  @@index([name])\n')],
    ['an enum', 'enum Colour {\n  red\n}\n'],
  ])('refuses %s instead of passing over it', (_, text) => {
    expect(() => readPrismaSchema(text)).toThrow();
  });
});
