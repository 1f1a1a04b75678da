import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { claimedRequest, historyRow, insert } from './rows.js';
import { actingAs, refusal } from './with-client.js';

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

  it('counts the attempts of a claim from 0: a first one that never left', async () => {
    expect(await claim({ attempt: -1 })).toBe('23514');
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

    it('are days of UTC and take a row on its own day, whatever the time zone of the session', async () => {
      await client.query(`SET timezone = 'Asia/Shanghai'`);
      await client.query('SELECT usher_make_partitions(10)');
      const midnight = new Date(new Date().setUTCHours(0, 0, 0, 0) + 9 * 86_400_000);
      expect(await partitionOf(midnight)).toBe(`request_history_${utcDay(9)}`);
      expect(await partitionOf(new Date(midnight.getTime() - 1))).toBe(`request_history_${utcDay(8)}`);
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
      await make(11);
      expect(await make(11)).toBe(0);
      expect(await make(13)).toBe(6);
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
