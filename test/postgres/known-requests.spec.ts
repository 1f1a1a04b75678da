import { readMessage } from '../../src/kafka/seat-request.message.js';
import { Database } from '../../src/postgres/database.js';
import type { Statement } from '../../src/postgres/database.js';
import type { PickRequest } from '../../src/seating/seat-request.js';
import { callOf, doneBy, found, never } from '../contracts/records-under-test.js';
import { goodPick, recordOf, rules } from '../kafka/records.js';
import { aPick, anInvalidRequest } from '../support/builders/requests.js';
import { aSettlement } from '../support/builders/settlements.js';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { daysPass } from './days-pass.js';
import { partsFor, StandingRecords } from './standing-records.js';

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** A database in which something happens just before the next statement of a name. */
class InterruptedDatabase extends Database {
  before: { readonly name: string; readonly happens: () => Promise<unknown> } | null = null;

  override async once<Row extends object>(
    ...asked: [statement: Statement, values: unknown[], pool?: Database['pool']]
  ): Promise<Row[]> {
    if (this.before?.name === asked[0].name) {
      const { happens } = this.before;
      this.before = null;
      await happens();
    }
    return super.once<Row>(...asked);
  }
}

let fresh: FreshDatabase;
let standing: StandingRecords<InterruptedDatabase>;
let start: number;

beforeEach(async () => {
  fresh = await freshDatabase();
  const parts = partsFor(fresh.url);
  standing = await StandingRecords.over(
    new InterruptedDatabase(parts.settings, parts.metrics, parts.log),
    parts,
  );
  start = Date.now();
});

afterEach(async () => {
  await standing.stop();
  await fresh.drop();
});

/** A pick that was appended and received so many milliseconds after the first. */
const pick = (ms = 0, changes: Partial<PickRequest> = {}): PickRequest =>
  aPick({ requestedAt: start + ms - 20, receivedAt: start + ms, deadline: start + ms + 30_000, ...changes });

/** Lets time pass until so long after the start, and what is due be forgotten → how many ids were. */
const forget = async (ms: number): Promise<unknown> => {
  await daysPass(standing, 0, Math.round(ms));
  return (await standing.rows<{ gone: number }>('SELECT usher_forget_ids(8, 100) AS gone'))[0]?.gone;
};

const histories = async (): Promise<number> => (await standing.rows('SELECT FROM request_history')).length;

describe('the memory of an id', () => {
  it.each([
    { age: 'a minute before its message is too old', ms: 8 * dayMs - minuteMs, young: true, known: true },
    { age: 'a minute after', ms: 8 * dayMs + minuteMs, young: false, known: true },
    { age: 'a minute before another day is over', ms: 9 * dayMs - minuteMs, young: false, known: true },
    { age: 'a minute after', ms: 9 * dayMs + minuteMs, young: false, known: false },
  ])('outlives its message: $age', async ({ ms, young, known }) => {
    const request = pick();
    await standing.records.record(aSettlement(request), null);
    await forget(ms);
    const reading = readMessage(recordOf(goodPick, { appendedAt: request.requestedAt }), start + ms, rules);
    expect(reading.kind === 'request').toBe(young);
    expect((await standing.records.find(request)) !== null).toBe(known);
  });

  it('begins anew with a copy that was appended much later, so that the copy, read again, finds it', async () => {
    const settlement = aSettlement(pick());
    await standing.records.record(settlement, null);
    const copy = pick(7.9 * dayMs, { kafka: { partition: 5, offset: '77' } });
    expect(await standing.records.find(copy)).toEqual(found(settlement));
    expect(await forget(15.8 * dayMs)).toBe(0);
    expect(await standing.records.find(copy)).toEqual(found(settlement));
    expect(await forget(16.8 * dayMs)).toBe(0);
    expect(await forget(17 * dayMs)).toBe(1);
  });

  it('begins anew with a late message of other content, too: it stays a dead letter', async () => {
    await standing.records.record(aSettlement(pick()), null);
    const other = pick(7.9 * dayMs, { digest: 'b'.repeat(64), kafka: { partition: 5, offset: '77' } });
    expect(await standing.records.find(other)).toEqual({ state: 'reused' });
    await forget(15.8 * dayMs);
    expect(await standing.records.find(other)).toEqual({ state: 'reused' });
  });

  it('is not written to by copies of the same time', async () => {
    await standing.records.record(aSettlement(pick()), null);
    await standing.records.find(pick(dayMs / 3));
    expect(await standing.rows('SELECT last_seen_at FROM seat_requests')).toEqual([{ last_seen_at: null }]);
  });

  it('never goes back', async () => {
    await standing.records.record(aSettlement(pick()), null);
    await standing.records.find(pick(7 * dayMs));
    await standing.records.find(pick(3 * dayMs));
    expect(await standing.rows('SELECT last_seen_at FROM seat_requests')).toEqual([
      { last_seen_at: new Date(start + 7 * dayMs - 20) },
    ]);
  });

  it('is over for a late copy, if the id is forgotten between the look and the note of it', async () => {
    const settlements = [pick(), pick(0, { requestId: 'other' })].map((request) => aSettlement(request));
    await Promise.all(settlements.map((each) => standing.records.record(each, null)));
    const happens = () => standing.rows(`DELETE FROM seat_requests WHERE request_id = 'req-1'`);
    standing.database.before = { name: 'remember', happens };
    const late = [pick(7 * dayMs), pick(7 * dayMs, { requestId: 'other' }), pick(7 * dayMs)];
    const known = await Promise.all(late.map((copy) => standing.records.find(copy)));
    expect(known).toEqual([null, found(settlements[1] as (typeof settlements)[number]), null]);
  });
});

describe('the very message that was recorded', () => {
  const asInvalid = (kafka: PickRequest['kafka']) =>
    anInvalidRequest({ digest: 'raw', kafka, requestedAt: start - 20, receivedAt: start, deadline: start });

  it('is the same request, although an earlier version took it for invalid', async () => {
    const kafka = { partition: 3, offset: '9007199254740993' };
    const settlement = aSettlement(asInvalid(kafka));
    await standing.records.record(settlement, null);
    expect(await standing.records.find(pick(0, { kafka, receivedAt: start + 5_000 }))).toEqual(
      found(settlement),
    );
  });

  it.each([
    ['another partition', { kafka: { partition: 4, offset: '7' } }],
    ['another offset', { kafka: { partition: 3, offset: '8' } }],
    ['another time: the topic was made anew', { requestedAt: 1 }],
  ])('is another one in %s', async (_, changes) => {
    const kafka = { partition: 3, offset: '7' };
    await standing.records.record(aSettlement(asInvalid(kafka)), null);
    expect(await standing.records.find(pick(0, { kafka, ...changes }))).toEqual({ state: 'reused' });
  });
});

describe('an id at midnight', () => {
  let other: StandingRecords;
  let midnight: number;

  beforeEach(async () => {
    other = await StandingRecords.start(fresh.url);
    midnight = Math.ceil(start / dayMs) * dayMs;
  });

  afterEach(() => other.stop());

  const around = (ms: number, requestId: string): PickRequest =>
    pick(0, { requestId, requestedAt: midnight - 5, receivedAt: midnight + ms, deadline: midnight + 30_000 });

  it('is one request, although two instances record it on two days at once', async () => {
    const ids = Array.from({ length: 40 }, (_, n) => `r${n}`);
    const results = await Promise.all(
      ids.flatMap((id) => [
        standing.records.record(aSettlement(around(-1, id)), null),
        other.records.record(aSettlement(around(1, id)), null),
      ]),
    );
    // Whoever found one of a batch known may have been told to decide the rest again.
    for (const id of ids) await other.records.record(aSettlement(around(1, id)), null);
    expect(results).toContain('recorded');
    expect(await histories()).toBe(ids.length);
    for (const id of ids)
      expect(await other.records.find(around(1, id))).toEqual(await standing.records.find(around(-1, id)));
  });

  it('is one request, claimed before midnight by one instance and settled after it by another', async () => {
    const [before, after] = [around(-1, 'r1'), around(1, 'r1')];
    const claimed = await standing.records.claim(
      { request: before, call: callOf(before), prior: null, sample: null },
      never,
    );
    if (claimed.kind !== 'claimed') throw new Error(claimed.kind);
    const results = [
      await other.records.settle(claimed.claim, doneBy(after), null),
      await standing.records.settle(claimed.claim, doneBy(before), null),
      await standing.records.record(aSettlement(before), null),
    ];
    expect(results).toEqual(['recorded', 'lost', 'known']);
    expect(await histories()).toBe(1);
    expect(await standing.records.find(before)).toEqual(found(doneBy(after)));
  });
});
