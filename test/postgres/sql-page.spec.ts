import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { attemptRow, historyRow, insert } from './rows.js';
import { actingAs } from './with-client.js';

const app = 1_400_000_000;
const wasAt = new Date(Date.now() - 60_000);

/** Every heading of the page that has a query → what the first rows of its answer must tell. */
const answers: Readonly<Record<string, readonly object[]>> = {
  'What a column means': [{ column_name: 'received_at', data_type: 'timestamp with time zone' }],
  'Why was this request refused?': [
    {
      status: 'rejected',
      reason: 'seat-occupied',
      decided_by: 'mirror',
      evidence_source: 'own-call',
      evidence_age_ms: '412',
      evidence_occupant: 'user7',
      tencent_request_ids: [],
    },
  ],
  'Which calls did it take?': [
    { attempt: 1, class: 'unknown', http_status: null },
    { attempt: 2, class: 'done', tencent_request_id: 'tencent-2' },
  ],
  'Refusals by reason, hour by hour': [
    { reason: 'seat-occupied', decided_by: 'mirror', requests: '2', rooms: '2', members: '2' },
    { reason: 'seat-locked', decided_by: 'tencent', requests: '1', rooms: '1', members: '1' },
  ],
  'How many calls did the mirror save?': [{ saved: '2', calls: '6', saved_share: '0.250' }],
  'And how often was it wrong?': [
    { predicted: 'seat-locked', tested: '2', wrong: '1', wrong_share: '0.5000' },
  ],
  'Who waited longest, and for what?': [
    { request_id: '0197c0de-0002', total_ms: 4000, wait_budget_ms: 3500 },
  ],
  'Which requests could nobody confirm?': [
    { request_id: '0197c0de-0003', tencent_request_ids: ['tencent-3'], published_at: null },
  ],
  'Who sits where?': [
    { seat_index: '0', state: 'held', member_account: 'user7', seen_from: 'read', predicts: false },
  ],
  'What could not be read at all?': [{ id: 'seat.requests/3/42', reason: 'not-json', begins: '{"requestId' }],
};

const done = { status: 'done', reason: null, code: 0, advice: 'none' };
const byMirror = { decided_by: 'mirror', attempts: 0, evidence_source: 'own-call', evidence_age_ms: 412 };

/** Requests as a day brings them; each row says how it differs from a pick that Tencent refused. */
const requests = [
  { request_id: '0197c0de-0001', ...byMirror, evidence_occupant: 'user7' },
  { request_id: '0197c0de-0011', ...byMirror, room_id: 'room-2', member_account: 'user3' },
  {
    request_id: '0197c0de-0002',
    ...done,
    attempts: 2,
    wait_budget_ms: 3500,
    settled_at: new Date(+wasAt + 4000),
  },
  { request_id: '0197c0de-0003', status: 'unconfirmed', reason: 'no-usable-read', code: null },
  { request_id: '0197c0de-0004', ...done, predicted: 'seat-locked' },
  { request_id: '0197c0de-0005', reason: 'seat-locked', predicted: 'seat-locked' },
  { request_id: '0197c0de-0006', status: 'expired', reason: 'deadline-passed', predicted: 'seat-locked' },
];

const calls = [
  { request_id: '0197c0de-0002', class: 'unknown', http_status: null, code: null, tencent_request_id: null },
  { request_id: '0197c0de-0002', attempt: 2, class: 'done', tencent_request_id: 'tencent-2' },
  { request_id: '0197c0de-0003', class: 'unknown', http_status: 500, tencent_request_id: 'tencent-3' },
];

const deadLetter = {
  kafka_topic: 'seat.requests',
  kafka_partition: 3,
  kafka_offset: 42,
  seen_at: wasAt,
  reason: 'not-json',
  detail: 'the text ends too early',
  value: Buffer.from('{"requestId'),
  headers: {},
};

const heldSeat = {
  sdk_app_id: app,
  room_id: 'room-test',
  subject: 'seat',
  seat_index: 0,
  member_account: '',
  state: 'held',
  occupant: 'user7',
  source: 'read',
  seen_from: wasAt,
  seen_to: wasAt,
};

interface Query {
  readonly heading: string;
  readonly sql: string;
}

async function queriesOfPage(): Promise<Query[]> {
  const page = await readFile(new URL('../../docs/sql.md', import.meta.url), 'utf8');
  return page.split(/^## /m).flatMap((section) => {
    const heading = section.slice(0, section.indexOf('\n'));
    return [...section.matchAll(/^```sql\n(.*?)^```$/gms)].map(([, sql = '']) => ({ heading, sql }));
  });
}

describe('the page docs/sql.md', () => {
  let database: FreshDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await freshDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    for (const row of requests)
      await insert(client, 'request_history', historyRow({ received_at: wasAt, sdk_app_id: app, ...row }));
    for (const [n, row] of calls.entries())
      await insert(
        client,
        'attempts',
        attemptRow({ slot_at: new Date(+wasAt + n), sdk_app_id: app, ...row }),
      );
    await insert(client, 'dead_letters', deadLetter);
    await insert(client, 'mirror_facts', heldSeat);
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('has exactly the queries that are tried here, each under its own heading', async () => {
    expect((await queriesOfPage()).map(({ heading }) => heading)).toEqual(Object.keys(answers));
  });

  it.each(Object.entries(answers))('answers "%s" to an analyst', async (heading, expected) => {
    const query = (await queriesOfPage()).find((each) => each.heading === heading);
    const run = () => client.query<Record<string, unknown>>(query?.sql ?? '');
    const { rows } = await actingAs(client, 'usher_analyst', run);
    expect(rows.slice(0, expected.length)).toMatchObject(expected);
  });

  it('never asks for requests or calls without a range of their partition key', async () => {
    for (const { sql } of await queriesOfPage()) {
      if (sql.includes('FROM analytics.requests')) expect(sql).toMatch(/WHERE received_at >= /);
      if (sql.includes('FROM analytics.attempts')) expect(sql).toMatch(/WHERE slot_at >= /);
    }
  });
});
