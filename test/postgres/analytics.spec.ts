import pg from 'pg';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { attemptRow, historyRow, insert } from './rows.js';
import { actingAs, refusal } from './with-client.js';

/** The contract, section 6: names and order. Further columns may follow. */
const contract = {
  requests:
    'received_at, request_id, sdk_app_id, room_id, type, member_account, requested_index, requested_indexes, policy, priority, deadline, source, requested_by, correlation_id, metadata, status, reason, advice, code, decided_by, seat_index, from_index, displaced_account, evidence_source, evidence_age_ms, evidence_occupant, attempts, tencent_request_ids, wait_rival_ms, wait_budget_ms, wait_retry_ms, call_ms, total_ms, settled_at, published_at, kafka_partition, kafka_offset, trace_id',
  attempts:
    'sent_at, request_id, sdk_app_id, room_id, purpose, command, attempt, slot_at, answered_at, http_status, code, class, tencent_request_id, instance_id',
  mirror_seats:
    'sdk_app_id, room_id, seat_index, state, member_account, seen_at, seen_from, age_ms, predicts',
  dead_letters:
    'seen_at, id, reason, detail, key, value, kafka_topic, kafka_partition, kafka_offset, replayed_at',
};

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

beforeEach(async () => {
  await client.query('TRUNCATE request_history, publications, attempts, mirror_facts, dead_letters');
});

async function rows<T extends object>(sql: string): Promise<T[]> {
  return (await client.query<T>(sql)).rows;
}

/** Midday of a day from today (UTC): far from every edge of a partition. */
const midday = (days = 0): Date => new Date(new Date().setUTCHours(12, 0, 0, 0) + days * 86_400_000);
const after = (time: Date, ms: number): Date => new Date(time.getTime() + ms);

describe('every view of the contract', () => {
  it.each(Object.entries(contract))('%s has its columns, in order, all documented', async (view, columns) => {
    const found = await rows<{ name: string; comment: string | null }>(
      `SELECT attname AS name, col_description(attrelid, attnum) AS comment FROM pg_attribute
        WHERE attrelid = 'analytics.${view}'::regclass AND attnum > 0 ORDER BY attnum`,
    );
    const expected = columns.split(', ');
    expect(found.slice(0, expected.length).map(({ name }) => name)).toEqual(expected);
    expect(found.filter(({ comment }) => comment === null || comment.length < 10)).toEqual([]);
  });

  it.each(Object.keys(contract))('%s names its partition key in its comment', async (view) => {
    const [found] = await rows<{ comment: string }>(
      `SELECT obj_description('analytics.${view}'::regclass) AS comment`,
    );
    expect(found?.comment).toMatch(/Partition key: (received_at|slot_at|none)/);
  });

  it('has times with a time zone only', async () => {
    const other = `SELECT table_name, column_name FROM information_schema.columns
                    WHERE table_schema = 'analytics' AND data_type IN ('date', 'timestamp without time zone')`;
    expect(await rows(other)).toEqual([]);
  });
});

describe('analytics.requests', () => {
  const at = midday();

  it('tells the whole time from arrival to decision, and the trace', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await insert(
      client,
      'request_history',
      historyRow({ received_at: at, settled_at: after(at, 1234), traceparent }),
    );
    expect(await rows('SELECT total_ms, trace_id FROM analytics.requests')).toEqual([
      { total_ms: 1234, trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' },
    ]);
  });

  it('tells when the outcome was published, null until it was', async () => {
    await insert(client, 'request_history', historyRow({ received_at: at, request_id: 'silent' }));
    await insert(client, 'request_history', historyRow({ received_at: at, request_id: 'told' }));
    const published = { received_at: at, sdk_app_id: 1, request_id: 'told', published_at: after(at, 50) };
    await insert(client, 'publications', published);
    await insert(client, 'publications', { ...published, sdk_app_id: 2, request_id: 'silent' });
    expect(await rows('SELECT request_id, published_at FROM analytics.requests ORDER BY 1')).toEqual([
      { request_id: 'silent', published_at: null },
      { request_id: 'told', published_at: after(at, 50) },
    ]);
  });

  const tencentIds = async (): Promise<unknown> =>
    (await rows<{ ids: unknown }>('SELECT tencent_request_ids AS ids FROM analytics.requests'))[0]?.ids;

  it("lists Tencent's ids of its own calls, oldest first and each once", async () => {
    await insert(client, 'request_history', historyRow({ received_at: at, tencent_request_id: 'second' }));
    const call = (ms: number, over: object) =>
      insert(client, 'attempts', attemptRow({ slot_at: after(at, ms), ...over }));
    await call(20, { tencent_request_id: 'second' });
    await call(10, { tencent_request_id: 'first' });
    await call(15, { tencent_request_id: null, class: 'unknown' });
    await call(11, { tencent_request_id: 'of another', request_id: 'r2' });
    await call(12, { tencent_request_id: 'of another application', sdk_app_id: 2 });
    expect(await tencentIds()).toEqual(['first', 'second']);
  });

  it('lists the id of the read that decided, last', async () => {
    await insert(client, 'request_history', historyRow({ received_at: at, tencent_request_id: 'the read' }));
    await insert(client, 'attempts', attemptRow({ slot_at: after(at, 10) }));
    expect(await tencentIds()).toEqual(['tencent-1', 'the read']);
  });

  it('finds the call of an owner that died the day before', async () => {
    await insert(
      client,
      'request_history',
      historyRow({ received_at: midday(1), requested_at: at, settled_at: midday(1) }),
    );
    await insert(client, 'attempts', attemptRow({ slot_at: after(at, 10) }));
    expect(await tencentIds()).toEqual(['tencent-1']);
  });

  it('lists none for a request that made no call', async () => {
    await insert(client, 'request_history', historyRow({ received_at: at, attempts: 0 }));
    expect(await tencentIds()).toEqual([]);
  });
});

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly PlanNode[];
}

/** The tables that a query really read. */
async function tablesRead(sql: string): Promise<string[]> {
  interface Explained {
    readonly 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }];
  }
  const [explained] = await rows<Explained>(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`);
  if (!explained) throw new Error('no plan');
  const walk = (node: PlanNode): string[] => [
    ...(node['Relation Name'] !== undefined && node['Actual Loops'] > 0 ? [node['Relation Name']] : []),
    ...(node.Plans ?? []).flatMap(walk),
  ];
  return [...new Set(walk(explained['QUERY PLAN'][0].Plan))].sort();
}

describe('a query with a range of the partition key', () => {
  const day = (days: number): string => midday(days).toISOString().slice(0, 10);
  const partition = (table: string, days: number): string => `${table}_${day(days).replaceAll('-', '')}`;

  beforeEach(async () => {
    for (const days of [0, 1, 2, 3, 4]) {
      const received_at = midday(days);
      const request_id = `r${days}`;
      await insert(client, 'request_history', historyRow({ received_at, request_id }));
      await insert(client, 'attempts', attemptRow({ slot_at: received_at, request_id }));
      const published_at = received_at;
      await insert(client, 'publications', { received_at, sdk_app_id: 1, request_id, published_at });
    }
  });

  const between = (key: string): string => `${key} >= '${day(2)} 00:00Z' AND ${key} < '${day(3)} 00:00Z'`;

  it('reads that day of requests, publications and attempts alone', async () => {
    expect(await tablesRead(`SELECT * FROM analytics.requests WHERE ${between('received_at')}`)).toEqual([
      partition('attempts', 2),
      partition('publications', 2),
      partition('request_history', 2),
    ]);
  });

  it('does so for a range that counts from now, too', async () => {
    const sinceYesterday = `received_at >= now() - interval '1 day' AND received_at < now() + interval '1 hour'`;
    const read = await tablesRead(`SELECT published_at FROM analytics.requests WHERE ${sinceYesterday}`);
    expect(read.filter((table) => table.endsWith(partition('', 2)) || table.endsWith('_default'))).toEqual(
      [],
    );
  });

  it('reads the history alone where nothing else is asked for', async () => {
    const counts = `SELECT reason, count(*) FROM analytics.requests WHERE ${between('received_at')} GROUP BY reason`;
    expect(await tablesRead(counts)).toEqual([partition('request_history', 2)]);
  });

  it('reads that day of attempts alone', async () => {
    const read = await tablesRead(`SELECT * FROM analytics.attempts WHERE ${between('slot_at')}`);
    expect(read).toEqual([partition('attempts', 2)]);
  });
});

describe('analytics.mirror_seats', () => {
  const now = midday();

  // The clock of this test stands still, so that ages are exact.
  const settingTheClock = async <T>(use: () => Promise<T>): Promise<T> => {
    await client.query('BEGIN');
    try {
      await client.query(
        `CREATE OR REPLACE FUNCTION usher_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT timestamptz ''${now.toISOString()}'''`,
      );
      return await use();
    } finally {
      await client.query('ROLLBACK');
    }
  };

  const fact = (over: Record<string, unknown>): Promise<void> =>
    insert(client, 'mirror_facts', {
      sdk_app_id: 1,
      room_id: 'room-test',
      subject: 'seat',
      seat_index: 0,
      member_account: '',
      state: 'held',
      occupant: 'user7',
      source: 'own-call',
      seen_from: after(now, -1050),
      seen_to: after(now, -1000),
      ...over,
    });

  it('tells who holds a seat, from what it is known, and how old that is', async () => {
    await fact({});
    const told = await settingTheClock(() => rows('SELECT * FROM analytics.mirror_seats'));
    expect(told).toEqual([
      {
        sdk_app_id: '1',
        room_id: 'room-test',
        seat_index: '0',
        state: 'held',
        member_account: 'user7',
        seen_at: after(now, -1000),
        seen_from: 'own-call',
        age_ms: '1000',
        predicts: true,
        evidence_from: after(now, -1050),
      },
    ]);
  });

  it.each([
    ['held, exactly 2 s old', { seen_to: after(now, -2000) }, true],
    ['held, older than 2 s', { seen_to: after(now, -2001) }, false],
    ['locked and young', { state: 'locked', occupant: null }, true],
    ['unknown, however young', { state: 'unknown', occupant: null }, false],
  ])('a seat %s', async (_, over, predicts) => {
    await fact(over);
    const told = await settingTheClock(() => rows('SELECT state, predicts FROM analytics.mirror_seats'));
    expect(told).toEqual([{ state: 'state' in over ? over.state : 'held', predicts }]);
  });

  it('shows no negative age where the evidence is newer than the clock', async () => {
    await fact({ seen_to: after(now, 500) });
    const told = await settingTheClock(() => rows('SELECT age_ms FROM analytics.mirror_seats'));
    expect(told).toEqual([{ age_ms: '0' }]);
  });

  it('shows seats alone, not what is known of rooms and members', async () => {
    await fact({ subject: 'room', seat_index: -1, state: 'exists', occupant: null });
    await fact({ subject: 'member', seat_index: -1, member_account: 'user7', state: 'present' });
    expect(await rows('SELECT * FROM analytics.mirror_seats')).toEqual([]);
  });
});

describe('analytics.dead_letters', () => {
  it('names a letter by where it lay, and keeps its bytes beside a readable text', async () => {
    const value = Buffer.from([0x7b, 0xff, 0x00]);
    await insert(client, 'dead_letters', {
      kafka_topic: 'seat.requests',
      kafka_partition: 3,
      kafka_offset: '9007199254740993',
      seen_at: midday(),
      reason: 'not-json',
      detail: 'invalid UTF-8',
      value,
      value_bytes: 3,
      headers: {},
    });
    const told = await rows('SELECT id, key, value, value_text, replayed_at FROM analytics.dead_letters');
    expect(told).toEqual([
      {
        id: 'seat.requests/3/9007199254740993',
        key: null,
        value,
        value_text: '{\\377\\000',
        replayed_at: null,
      },
    ]);
  });
});

describe('the role usher_analyst', () => {
  it('cannot log in and has no other right of a role', async () => {
    const role = `SELECT rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication
                    FROM pg_roles WHERE rolname = 'usher_analyst'`;
    const never = false;
    expect(await rows(role)).toEqual([
      {
        rolcanlogin: never,
        rolsuper: never,
        rolcreaterole: never,
        rolcreatedb: never,
        rolbypassrls: never,
        rolreplication: never,
      },
    ]);
  });

  it('may select from every view of analytics, and do nothing else with anything', async () => {
    const rights = `
      SELECT n.nspname || '.' || c.relname AS relation, kind
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
             unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) kind
       WHERE n.nspname IN ('public', 'analytics') AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
         AND (has_table_privilege('usher_analyst', c.oid, kind)
              OR (kind IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege('usher_analyst', c.oid, kind)))
       ORDER BY 1`;
    const views = `SELECT 'analytics.' || viewname AS relation, 'SELECT' AS kind FROM pg_views WHERE schemaname = 'analytics' ORDER BY 1`;
    const expected = await rows<{ relation: string }>(views);
    expect(await rows(rights)).toEqual(expected);
    expect(expected.map(({ relation }) => relation)).toEqual(
      expect.arrayContaining(Object.keys(contract).map((view) => `analytics.${view}`)),
    );
  });

  it('may create nothing, and borrow nobody’s rights through a function', async () => {
    const create = `SELECT nspname FROM pg_namespace WHERE has_schema_privilege('usher_analyst', oid, 'CREATE')`;
    const definers = `SELECT proname FROM pg_proc WHERE prosecdef AND has_function_privilege('usher_analyst', oid, 'EXECUTE')`;
    expect(await rows(create)).toEqual([]);
    expect(await rows(definers)).toEqual([]);
  });

  it.each(Object.keys(contract))('reads %s, whose tables it may not touch', async (view) => {
    const read = () => refusal(client.query(`SELECT * FROM analytics.${view}`));
    expect(await actingAs(client, 'usher_analyst', read)).toBe('accepted');
  });

  it.each([
    'SELECT * FROM public.request_history',
    'SELECT * FROM public.seat_requests',
    'UPDATE analytics.attempts SET class = NULL',
    'DELETE FROM analytics.attempts',
    `SELECT usher_reserve(1, 'c', 1, '5 ms', '5 ms', '50 ms')`,
    `SELECT usher_slow_down(1, '1 s')`,
    `SELECT usher_hold(1, '1 s')`,
    'SELECT usher_make_partitions(1)',
  ])('is refused: %s', async (statement) => {
    expect(await actingAs(client, 'usher_analyst', () => refusal(client.query(statement)))).toBe('42501');
  });
});
