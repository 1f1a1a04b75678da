import pg from 'pg';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';

/** As for 200 calls a second with a jitter allowance of 25 ms, in microseconds. */
const spacing = 5126;
const lead = 8_000;
const ahead = 50_000;
/** How long nothing is given after a step of the clock or a restart of the server: look-ahead + 1 s. */
const hold = ahead + 1_000_000;

interface Reservation {
  readonly granted: number;
  /** Epoch, in microseconds: JavaScript's own dates are too coarse. */
  readonly first: bigint;
  readonly spacing: bigint;
  readonly next: bigint;
  readonly now: bigint;
}

const microseconds = (time: string): string => `(extract(epoch FROM ${time}) * 1000000)::bigint`;

async function reserve(
  client: pg.ClientBase,
  { wanted = 10, app = 1, command = 'pick' } = {},
): Promise<Reservation> {
  const { rows } = await client.query<Record<string, string>>(
    `SELECT granted, ${microseconds('first_slot')} AS first, ${microseconds('slot_spacing')} AS spacing,
            ${microseconds('next_at')} AS next, ${microseconds('now_at')} AS now
       FROM usher_reserve($1, $2, $3, $4, $5, $6)`,
    [app, command, wanted, ...[spacing, lead, ahead].map((each) => `${each} microseconds`)],
  );
  const of = (name: string): bigint => BigInt(rows[0]?.[name] ?? '');
  return {
    granted: Number(of('granted')),
    first: of('first'),
    spacing: of('spacing'),
    next: of('next'),
    now: of('now'),
  };
}

const slotsOf = ({ granted, first, spacing: apart }: Reservation): bigint[] =>
  Array.from({ length: granted }, (_, n) => first + BigInt(n) * apart);

const smallestGap = (slots: readonly bigint[]): number => {
  const sorted = slots.toSorted((a, b) => (a < b ? -1 : 1));
  return Math.min(...sorted.slice(1).map((slot, n) => Number(slot - (sorted[n] ?? 0n))));
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
  await client.query('TRUNCATE call_budgets');
});

describe('usher_reserve among ten connections at once', () => {
  const callers = 10;
  const enough = 300;
  let reservations: Reservation[];

  beforeAll(async () => {
    reservations = [];
    const pool = new pg.Pool({ connectionString: database.url, max: callers });
    const giveUp = performance.now() + 30_000;
    const given = (): number => reservations.reduce((sum, { granted }) => sum + granted, 0);
    const callOften = async (wanted: number): Promise<void> => {
      const caller = await pool.connect();
      while (given() < enough && performance.now() < giveUp)
        reservations.push(await reserve(caller, { wanted }));
      caller.release();
    };
    await Promise.all(Array.from({ length: callers }, (_, n) => callOften(n + 1)));
    await pool.end();
  });

  it('gives them all they ask for, in the end', () => {
    expect(reservations.flatMap(slotsOf).length).toBeGreaterThanOrEqual(enough);
  });

  it('never gives two slots closer than the spacing', () => {
    expect(smallestGap(reservations.flatMap(slotsOf))).toBeGreaterThanOrEqual(spacing);
  });

  it('wastes none while somebody asks: the slots follow each other at the spacing', () => {
    const slots = reservations.flatMap(slotsOf).toSorted((a, b) => (a < b ? -1 : 1));
    const span = Number((slots.at(-1) ?? 0n) - (slots[0] ?? 0n));
    expect(span / (slots.length - 1)).toBeLessThan(spacing * 1.2);
  });

  it('gives every slot at least the lead and at most the look-ahead from its now', () => {
    const distances = reservations.flatMap((each) => slotsOf(each).map((slot) => Number(slot - each.now)));
    expect(Math.min(...distances)).toBeGreaterThanOrEqual(lead);
    expect(Math.max(...distances)).toBeLessThanOrEqual(ahead);
  });

  it('tells whom it gives nothing when to come again: where the next slot is', () => {
    const refused = reservations.filter(({ granted }) => granted === 0);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.filter(({ next, now }) => next <= now + BigInt(ahead))).toEqual([]);
  });
});

describe('usher_reserve on a clock that the test sets', () => {
  const start = 1_800_000_000_000_000n;
  const setClock = (at: bigint): Promise<unknown> =>
    client.query(
      `CREATE OR REPLACE FUNCTION usher_now() RETURNS timestamptz LANGUAGE sql VOLATILE
         AS 'SELECT timestamptz ''epoch'' + ${at} * interval ''1 microsecond'''`,
    );
  /** Everything that can be had at this moment. */
  const takeAll = async (at: bigint): Promise<Reservation> => {
    await setClock(at);
    return reserve(client, { wanted: 1000 });
  };
  const second = 1_000_000n;
  /** Slots between lead and look-ahead, both ends counted. */
  const full = 1 + Math.floor((ahead - lead) / spacing);

  it('gives what is wanted, from the lead on', async () => {
    await setClock(start);
    const given = await reserve(client, { wanted: 3 });
    expect(given).toMatchObject({ granted: 3, first: start + BigInt(lead), spacing: BigInt(spacing) });
    expect(given.next).toBe(given.first + 3n * BigInt(spacing));
  });

  it('gives no more after a long idleness than at any other time', async () => {
    expect((await takeAll(start)).granted).toBe(full);
    expect((await takeAll(start + 3600n * second)).granted).toBe(full);
  });

  it('keeps applications and commands apart', async () => {
    await takeAll(start);
    expect((await reserve(client, {})).granted).toBe(0);
    expect((await reserve(client, { command: 'read' })).granted).toBeGreaterThan(0);
    expect((await reserve(client, { app: 2 })).granted).toBeGreaterThan(0);
  });

  it('gives nothing for look-ahead + 1 s after the clock stepped back', async () => {
    await takeAll(start);
    const back = start - 10n * second;
    const held = await takeAll(back);
    expect(held).toMatchObject({ granted: 0, next: back + BigInt(hold) });
    expect((await takeAll(back + BigInt(hold - ahead - 1))).granted).toBe(0);
    const resumed = await takeAll(back + BigInt(hold - ahead));
    expect(resumed).toMatchObject({ granted: 1, first: back + BigInt(hold) });
  });

  it('keeps the spacing to the slots it knows when the clock stepped back a little', async () => {
    const before = slotsOf(await takeAll(start));
    const afterwards: bigint[] = [];
    for (let at = start - second / 2n; at < start + second; at += 10_000n)
      afterwards.push(...slotsOf(await takeAll(at)));
    expect(afterwards.length).toBeGreaterThan(0);
    expect(smallestGap([...before, ...afterwards])).toBeGreaterThanOrEqual(spacing);
  });

  it('gives no burst when the clock stepped forward, and holds when it steps back again', async () => {
    const before = slotsOf(await takeAll(start));
    const later = await takeAll(start + 10n * second);
    expect(later.granted).toBe(full);
    expect(smallestGap([...before, ...slotsOf(later)])).toBeGreaterThanOrEqual(spacing);
    expect(await takeAll(start + second)).toMatchObject({ granted: 0, next: start + second + BigInt(hold) });
  });

  it('gives nothing for look-ahead + 1 s after the server was restarted or failed over, once', async () => {
    await takeAll(start);
    await client.query(`UPDATE call_budgets SET server_started_at = server_started_at - interval '1 hour'`);
    const at = start + second;
    expect(await takeAll(at)).toMatchObject({ granted: 0, next: at + BigInt(hold) });
    expect((await takeAll(at + BigInt(hold - ahead))).granted).toBe(1);
    expect((await takeAll(at + BigInt(hold))).granted).toBeGreaterThan(1);
  });

  const slowDown = (app: number, seconds: number): Promise<unknown> =>
    client.query('SELECT usher_slow_down($1, $2::interval)', [app, `${seconds} seconds`]);

  it('pauses all commands of the application that was told "too much", and no other', async () => {
    await setClock(start);
    for (const each of [{}, { command: 'read' }, { app: 2 }]) await reserve(client, { wanted: 1, ...each });
    await slowDown(1, 5);
    await setClock(start + 4n * second);
    const pausedUntil = start + 5n * second;
    expect(await reserve(client, {})).toMatchObject({ granted: 0, next: pausedUntil });
    expect(await reserve(client, { command: 'read' })).toMatchObject({ granted: 0, next: pausedUntil });
    expect((await reserve(client, { app: 2 })).granted).toBeGreaterThan(0);
    expect((await takeAll(pausedUntil)).first).toBe(pausedUntil + BigInt(lead));
  });

  it('never shortens a pause', async () => {
    await takeAll(start);
    await slowDown(1, 60);
    await slowDown(1, 1);
    expect(await takeAll(start + 2n * second)).toMatchObject({ granted: 0, next: start + 60n * second });
  });

  /** The rate that the spacing amounts to; 1 is the contracted one. */
  const rateAt = async (seconds: bigint): Promise<number> =>
    spacing / Number((await takeAll(start + seconds * second)).spacing);

  it('goes on at half the rate and recovers by a hundredth a second, no further than the whole', async () => {
    await takeAll(start);
    await slowDown(1, 1);
    expect(await rateAt(1n)).toBeCloseTo(0.51, 3);
    expect(await rateAt(26n)).toBeCloseTo(0.76, 3);
    expect(await rateAt(50n)).toBe(1);
    expect(await rateAt(500n)).toBe(1);
  });

  it('halves what has recovered when it is told again, never below a tenth', async () => {
    await takeAll(start);
    await slowDown(1, 1);
    await setClock(start + 20n * second);
    await slowDown(1, 1);
    expect(await rateAt(21n)).toBeCloseTo(0.36, 3);
    for (const at of [22n, 24n, 26n, 28n, 30n]) {
      await setClock(start + at * second);
      await slowDown(1, 1);
    }
    expect(await rateAt(31n)).toBeCloseTo(0.11, 3);
  });

  it('halves once for calls that were refused together', async () => {
    await takeAll(start);
    for (let n = 0; n < 5; n++) await slowDown(1, 1);
    expect(await rateAt(1n)).toBeCloseTo(0.51, 3);
  });

  it('keeps the slower spacing between the slots themselves', async () => {
    await takeAll(start);
    await slowDown(1, 1);
    const slots: bigint[] = [];
    for (let at = start + second; at < start + 2n * second; at += 10_000n)
      slots.push(...slotsOf(await takeAll(at)));
    expect(slots.length).toBeGreaterThan(50);
    expect(smallestGap(slots)).toBeGreaterThanOrEqual(spacing / 0.52);
  });

  it('gives nothing for as long as a hold lasts', async () => {
    await takeAll(start);
    await client.query(`SELECT usher_hold(1, '1050 milliseconds')`);
    expect((await takeAll(start + second - 1n)).granted).toBe(0);
    expect(await takeAll(start + second)).toMatchObject({ granted: 1, first: start + 1_050_000n });
  });

  it('shortens a pause that a clock far ahead had set, to a minute at most', async () => {
    await setClock(start + 86_400n * second);
    await reserve(client, { wanted: 1 });
    await slowDown(1, 5);
    await setClock(start);
    await client.query(`SELECT usher_hold(1, '1050 milliseconds')`);
    expect((await takeAll(start + 59n * second)).granted).toBe(0);
    expect((await takeAll(start + 60n * second)).granted).toBeGreaterThan(0);
  });
});
