import fc from 'fast-check';
import pg from 'pg';
import type { KnownFact } from '../../src/seating/room.js';
import type { PickRequest } from '../../src/seating/seat-request.js';
import { Desk, doneBy } from '../contracts/records-under-test.js';
import { aSettlement } from '../support/builders/settlements.js';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { StandingRecords } from './standing-records.js';

describe('predictions in Postgres', () => {
  let fresh: FreshDatabase;
  let standing: StandingRecords;
  let desk: Desk;
  let client: pg.Client;

  beforeAll(async () => {
    fresh = await freshDatabase();
    standing = await StandingRecords.start(fresh.url);
    const { records, clock } = standing;
    desk = new Desk({
      records,
      other: records,
      now: () => clock.now(),
      attempts: () => standing.attempts(),
      shutBudget: () => Promise.resolve(),
    });
    client = new pg.Client({ connectionString: fresh.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await standing.stop();
    await fresh.drop();
  });

  let rooms = 0;
  /** A room of its own, in which user2 sits on seat 1. */
  const seatedRoom = async (): Promise<{ roomId: string; premise: KnownFact }> => {
    const roomId = `room ${(rooms += 1)}`;
    return { roomId, premise: await desk.seat(desk.pick({ requestId: `sits in ${roomId}`, roomId })) };
  };
  const rival = (roomId: string, n: number): PickRequest =>
    desk.pick({ requestId: `${roomId} ${n}`, roomId, memberAccount: `rival ${n}` });

  it('records 5,000 rivals for one seat in some large batches, byte for byte', async () => {
    const { roomId, premise } = await seatedRoom();
    const before = await standing.batches('record');
    const settlements = Array.from({ length: 5_000 }, (_, n) => aSettlement(rival(roomId, n)));
    const results = await Promise.all(settlements.map((each) => standing.records.record(each, premise)));
    expect(results.filter((result) => result === 'recorded')).toHaveLength(5_000);
    expect((await standing.batches('record')) - before).toBe(13);
    const all = await Promise.all(settlements.map((each) => standing.records.find(each.request)));
    const differing = settlements.filter(({ message }, n) => {
      const known = all[n];
      return known?.state !== 'settled' || !known.message.value.equals(message.value);
    });
    expect(differing).toEqual([]);
  });

  it('reads a room once for all who ask at one time', async () => {
    const { roomId } = await seatedRoom();
    const before = await standing.batches('room');
    const asked = Array.from({ length: 400 }, () =>
      standing.records.room({ sdkAppId: 1_400_000_000, roomId }),
    );
    const [first, ...others] = await Promise.all(asked);
    expect((await standing.batches('room')) - before).toBe(1);
    expect(first?.seats.get(1)?.occupant).toBe('user2');
    expect(others.every((room) => room === first)).toBe(true);
  });

  it('sends all rivals back to be decided again when the evidence falls, and records none out of order', async () => {
    const { roomId, premise } = await seatedRoom();
    const waiting = Array.from({ length: 1_000 }, (_, n) => aSettlement(rival(roomId, n)));
    await client.query('UPDATE mirror_facts SET version = version + 1 WHERE room_id = $1', [roomId]);
    const fresh = { ...premise, version: premise.version + 1 };
    const results = await Promise.all(
      waiting.map((each, n) => standing.records.record(each, n === 500 ? premise : fresh)),
    );
    const firstStale = results.indexOf('stale');
    expect(firstStale).toBe(500);
    expect(new Set(results.slice(500))).toEqual(new Set(['stale']));
    expect(new Set(results.slice(0, 500))).toEqual(new Set(['recorded']));
  });

  it('keeps every byte of an outcome, whatever texts and keys it holds', async () => {
    let n = 0;
    const text = fc.string({ unit: 'binary', maxLength: 12 }).filter((all) => !all.includes('\0'));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(text, text, { maxKeys: 6 }), text, async (metadata, message) => {
        const request = desk.pick({ requestId: `bytes ${(n += 1)}`, metadata, source: message });
        const settlement = aSettlement(request, { message });
        expect(await standing.records.record(settlement, null)).toBe('recorded');
        const known = await standing.records.find(request);
        if (known?.state !== 'settled') throw new Error('not settled');
        expect(known.message.value.equals(settlement.message.value)).toBe(true);
        expect(known.message.headers.equals(settlement.message.headers)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('one that cannot be stored fails alone', async () => {
    const good = aSettlement(desk.pick({ requestId: 'good' }));
    const bad = aSettlement(desk.pick({ requestId: 'bad' }), { message: 'NUL: \0' });
    const [one, other] = await Promise.allSettled(
      [good, bad].map((each) => standing.records.record(each, null)),
    );
    expect(one).toEqual({ status: 'fulfilled', value: 'recorded' });
    expect(other).toMatchObject({ status: 'rejected', reason: { code: '22P05' } });
  });

  describe('under the lock of their premise', () => {
    /** Waits until so many statements of the service wait for a lock. */
    const waiting = (count: number): Promise<void> =>
      eventually(
        async () => {
          const text = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
          return (await client.query(text)).rowCount === count;
        },
        { within: 5_000, what: `${count} statements wait for a lock` },
      );
    /** Holds up inserts into a table for as long as `use` runs. */
    const holdingUp = async (table: string, use: () => Promise<void>): Promise<void> => {
      await client.query(
        `CREATE OR REPLACE FUNCTION hold_up() RETURNS trigger LANGUAGE plpgsql
           AS $$ BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NEW; END $$`,
      );
      await client.query(
        `CREATE TRIGGER slow BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION hold_up()`,
      );
      await client.query('SELECT pg_advisory_lock(7)');
      await use();
      await client.query('SELECT pg_advisory_unlock(7)');
    };
    const whileChanging = async (end: 'COMMIT' | 'ROLLBACK', n: number) => {
      const { roomId, premise } = await seatedRoom();
      const changing = new pg.Client({ connectionString: fresh.url });
      await changing.connect();
      await changing.query('BEGIN');
      await changing.query(
        `UPDATE mirror_facts SET state = 'free', version = version + 1 WHERE room_id = $1`,
        [roomId],
      );
      const request = rival(roomId, n);
      const result = standing.records.record(aSettlement(request), premise);
      await waiting(1);
      await changing.query(end);
      await changing.end();
      return { result: await result, known: await standing.records.find(request) };
    };

    it('wait for a change that is under way, and are stale once it is committed', async () => {
      expect(await whileChanging('COMMIT', 1)).toEqual({ result: 'stale', known: null });
    });

    it('wait for a change that is under way, and are recorded when it comes to nothing', async () => {
      expect(await whileChanging('ROLLBACK', 2)).toMatchObject({ result: 'recorded' });
    });

    it('hold up a change until they are committed', async () => {
      const { roomId, premise } = await seatedRoom();
      const change = () =>
        client.query('UPDATE mirror_facts SET version = version + 1 WHERE room_id = $1', [roomId]);
      let recording: Promise<string> | undefined;
      await client.query(`SET lock_timeout = '200ms'`);
      await holdingUp('seat_requests', async () => {
        recording = standing.records.record(aSettlement(rival(roomId, 1)), premise);
        await waiting(1);
        await expect(change()).rejects.toThrow('lock timeout');
      });
      expect(await recording).toBe('recorded');
      await change();
      await client.query('DROP TRIGGER slow ON seat_requests');
    });

    it('never lie crosswise with the settlement of the same request, which unseats their premise', async () => {
      const { roomId, premise } = await seatedRoom();
      await client.query(
        `UPDATE mirror_facts SET seen_from = seen_from - interval '1 s', seen_to = seen_to - interval '1 s'`,
      );
      const request = desk.pick({ requestId: `moves in ${roomId}`, roomId, index: 2 });
      const claim = await desk.claim(request);
      let both: Promise<string[]> | undefined;
      await holdingUp('request_history', async () => {
        const settling = standing.records.settle(claim, doneBy(request), desk.done());
        await waiting(1);
        both = Promise.all([settling, standing.records.record(aSettlement(request), premise)]);
        await waiting(2);
      });
      expect(await both).toEqual(['recorded', 'known']);
      await client.query('DROP TRIGGER slow ON request_history');
      expect(standing.parts.log.lines).toEqual([]);
    });
  });

  it('are decided again behind one that another owner is recording at that very moment', async () => {
    const { roomId, premise } = await seatedRoom();
    const [first, second] = [rival(roomId, 1), rival(roomId, 2)];
    const owner = new pg.Client({ connectionString: fresh.url });
    await owner.connect();
    await owner.query('BEGIN');
    await owner.query(
      `INSERT INTO seat_requests (sdk_app_id, request_id, digest, state, received_at, room_id)
       VALUES ($1, $2, 'd', 'settled', now(), $3)`,
      [first.sdkAppId, first.requestId, roomId],
    );
    const results = Promise.all(
      [first, second].map((each) => standing.records.record(aSettlement(each), premise)),
    );
    await eventually(
      async () => {
        const text = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
        return (await client.query(text)).rowCount === 1;
      },
      { within: 5_000, what: 'the record waits for the other owner' },
    );
    await owner.query('COMMIT');
    await owner.end();
    expect(await results).toEqual(['known', 'stale']);
    expect(await standing.records.find(second)).toBeNull();
    expect(standing.parts.log.count('warn')).toBe(0);
  });

  it('of other rooms go on while a row of one is kept locked by somebody; its rivals keep their order', async () => {
    const [stuck, free] = [await seatedRoom(), await seatedRoom()];
    const locking = new pg.Client({ connectionString: fresh.url });
    await locking.connect();
    await locking.query('BEGIN');
    await locking.query('SELECT FROM mirror_facts WHERE room_id = $1 FOR UPDATE', [stuck.roomId]);
    const held = [1, 2].map((n) =>
      standing.records.record(aSettlement(rival(stuck.roomId, n)), stuck.premise),
    );
    const others = [1, 2].map((n) =>
      standing.records.record(aSettlement(rival(free.roomId, n)), free.premise),
    );
    expect(await Promise.all(others)).toEqual(['recorded', 'recorded']);
    const later = await standing.records.record(aSettlement(rival(free.roomId, 3)), free.premise);
    expect(later).toBe('recorded');
    expect(await standing.records.find(rival(stuck.roomId, 2))).toBeNull();
    await locking.query('ROLLBACK');
    await locking.end();
    expect(await Promise.all(held)).toEqual(['recorded', 'recorded']);
  });

  it('do not deadlock with settlements of the same rooms', async () => {
    const told = standing.parts.log.lines.length;
    const places = await Promise.all(Array.from({ length: 8 }, () => seatedRoom()));
    const claims = await Promise.all(
      places.map(async ({ roomId }, n) => {
        const request = desk.pick({ requestId: `moves ${n}`, roomId, index: 2 });
        return { request, claim: await desk.claim(request) };
      }),
    );
    const recordings = places.flatMap(({ roomId, premise }, n) =>
      Array.from({ length: 50 }, (_, m) =>
        standing.records.record(aSettlement(rival(roomId, n * 100 + m)), premise),
      ),
    );
    const settled = await Promise.all(
      claims.map(({ claim, request }) => standing.records.settle(claim, doneBy(request), desk.done())),
    );
    expect(new Set(settled)).toEqual(new Set(['recorded']));
    expect(new Set(await Promise.all(recordings)).has('known')).toBe(false);
    expect(standing.parts.log.lines.slice(told)).toEqual([]);
  });
});
