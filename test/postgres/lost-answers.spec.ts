import type { PickRequest } from '../../src/seating/seat-request.js';
import { callOf, Desk, doneBy, found, kept, never } from '../contracts/records-under-test.js';
import { aSettlement } from '../support/builders/settlements.js';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { LossyDatabase } from './lossy-database.js';
import { partsFor, StandingRecords } from './standing-records.js';

/** A statement that was committed and whose answer was lost is repeated. What each method says then, and what stands. */
describe('after a lost answer', () => {
  let fresh: FreshDatabase;
  let standing: StandingRecords<LossyDatabase>;
  let desk: Desk;
  let request: PickRequest;

  beforeAll(async () => {
    fresh = await freshDatabase();
    const parts = partsFor(fresh.url);
    const { settings, metrics, log } = parts;
    standing = await StandingRecords.over(new LossyDatabase(settings, metrics, log), parts);
    desk = new Desk({
      records: standing.records,
      other: standing.records,
      now: () => standing.clock.now(),
      attempts: () => standing.attempts(),
      shutBudget: () => Promise.resolve(),
    });
  });

  beforeEach(async () => {
    for (const table of ['seat_requests', 'request_history', 'attempts', 'mirror_facts'])
      await standing.rows(`DELETE FROM ${table}`);
    request = desk.pick();
  });

  afterEach(() => {
    expect(standing.database.hasLost).toBe(true);
  });

  afterAll(async () => {
    await standing.stop();
    await fresh.drop();
  });

  const claimed = async (asked: PickRequest) => {
    const known = await standing.records.find(asked);
    if (known?.state !== 'claimed') throw new Error(`not claimed: ${known?.state ?? 'new'}`);
    return known.claim;
  };

  it('a recorded request is known, with the bytes of the first time', async () => {
    const settlements = ['1', '2', '3'].map((requestId) => aSettlement(desk.pick({ requestId })));
    standing.database.lose('record');
    const results = await Promise.all(settlements.map((each) => standing.records.record(each, null)));
    expect(results).toEqual(['known', 'known', 'known']);
    const both = await Promise.all(settlements.map((each) => standing.records.find(each.request)));
    expect(both).toEqual(settlements.map((each) => found(each)));
    expect(await standing.rows('SELECT FROM request_history')).toHaveLength(3);
  });

  it('a recorded request is known, even if its premise fell meanwhile', async () => {
    const premise = await desk.seat(desk.pick({ requestId: 'sits' }));
    const settlement = aSettlement(request);
    standing.database.lose('record', () => standing.rows('UPDATE mirror_facts SET version = version + 1'));
    expect(await standing.records.record(settlement, premise)).toBe('known');
    expect(await standing.records.find(request)).toEqual(found(settlement));
  });

  /** Committed, but nobody can know in time: its slot is past, and nothing may be sent under it. */
  const pastSlot = { monotonicAt: -Infinity, monotonicSendBy: -Infinity };

  it('a claim is found to be its own, as it was committed, and its slot is past: it is never sent', async () => {
    standing.database.lose('claim');
    const intent = { request, call: callOf(request), prior: null, sample: null };
    const stands = await standing.records.claim(intent, never);
    expect(stands).toMatchObject({ kind: 'claimed', claim: { attempt: 1, slot: pastSlot } });
    expect(stands).toMatchObject({ claim: await claimed(request) });
    expect(await desk.attempts()).toEqual(['req-1 settle 1  ']);
  });

  it('a claim that follows another is found to be its own, as the next attempt', async () => {
    const first = await desk.claim(request);
    const released = await standing.records.release(first, request, desk.later());
    if (released === 'lost') throw new Error('lost');
    standing.database.lose('claim');
    const stands = await desk.again(request, released);
    expect(stands).toMatchObject({ kind: 'claimed', claim: { attempt: 2, slot: pastSlot } });
    expect(stands).toMatchObject({ claim: await claimed(request) });
    expect(await claimed(request)).toMatchObject({ attempt: 2, answers: released.answers });
    expect(await desk.attempts()).toHaveLength(2);
  });

  it('a claim that another owner got meanwhile is known', async () => {
    const other = { request, call: callOf(request), prior: null, sample: null };
    await standing.records.claim(other, never);
    expect(await standing.records.claim(other, never)).toEqual({ kind: 'known' });
  });

  it('a sampled claim is found to be its own, and stands in the way of a record', async () => {
    const fact = await desk.seat(desk.pick({ requestId: 'sits' }));
    const sampled = desk.pick({ requestId: 'sampled', memberAccount: 'user3' });
    standing.database.lose('claim');
    const intent = { request: sampled, call: callOf(sampled), prior: null, sample: fact };
    expect(await standing.records.claim(intent, never)).toMatchObject({
      kind: 'claimed',
      claim: { attempt: 1, slot: pastSlot },
    });
    expect(await standing.records.record(aSettlement(sampled), fact)).toBe('known');
    expect(await claimed(sampled)).toMatchObject({ attempt: 1 });
  });

  it('a claim on a seat that has a rival is still a rival', async () => {
    await desk.claim(request);
    const rival = desk.pick({ requestId: 'rival', memberAccount: 'user3' });
    standing.database.lose('claim');
    const intent = { request: rival, call: callOf(rival), prior: null, sample: null };
    expect(await standing.records.claim(intent, never)).toEqual({ kind: 'rival' });
  });

  it('a release has lost, and is found released with its answer once', async () => {
    const claim = await desk.claim(request);
    const answer = desk.later();
    standing.database.lose('release');
    expect(await standing.records.release(claim, request, answer)).toBe('lost');
    const known = await standing.records.find(request);
    expect(known).toMatchObject({ state: 'released', claim: { attempt: 1, answers: [answer] } });
    if (known?.state !== 'released') throw new Error('not released');
    expect(known.claim).toEqual(kept({ ...claim, nonce: known.claim.nonce, answers: [answer] }));
  });

  it('a settlement has lost, and is found settled with its bytes, its facts and its history told once', async () => {
    const claim = await desk.claim(request);
    const settlement = doneBy(request);
    standing.database.lose('settle');
    expect(await standing.records.settle(claim, settlement, desk.done())).toBe('lost');
    expect(await standing.records.find(request)).toEqual(found(settlement));
    expect(await desk.seatFact(request)).toMatchObject({ state: 'held', occupant: 'user2', version: 1 });
    expect(await standing.rows('SELECT FROM request_history')).toHaveLength(1);
  });

  it('a read gets another slot, and the one that nobody heard of stays unused', async () => {
    standing.database.lose('claim read');
    const read = await standing.records.claimRead(request, 'read-back', never);
    if (read === 'aborted') throw new Error('aborted');
    const answered = { ...desk.answered(), code: 100004, message: '' };
    await standing.records.observe(request, read, { kind: 'missing', ...answered });
    expect(await desk.attempts()).toEqual([' read-back   ', ' read-back  missing 100004']);
  });

  it('what a read showed is told twice and changes nothing the second time', async () => {
    const read = await standing.records.claimRead(request, 'read-back', never);
    if (read === 'aborted') throw new Error('aborted');
    const seats = [{ index: 1, occupant: 'user2', locked: false }];
    standing.database.lose('observe');
    const answered = { ...desk.answered(), code: 0, message: '' };
    await standing.records.observe(request, read, { kind: 'seats', seats, ...answered });
    expect(await desk.seatFact(request)).toMatchObject({ state: 'held', occupant: 'user2', version: 1 });
    expect(await desk.attempts()).toEqual([' read-back  seats 0']);
  });
});
