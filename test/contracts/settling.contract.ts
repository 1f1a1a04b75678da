import type { OpenClaim } from '../../src/commands/ports.js';
import type { PickRequest } from '../../src/seating/seat-request.js';
import { aSettlement } from '../support/builders/settlements.js';
import { Desk, doneBy, found, kept } from './records-under-test.js';
import type { RecordsUnderTest } from './records-under-test.js';

/** What `release`, `settle` and `noteAnswer` of every `SeatRecords` do. */
export function settlingContract(open: () => Promise<RecordsUnderTest>): void {
  let under: RecordsUnderTest;
  let desk: Desk;
  let request: PickRequest;
  let claim: OpenClaim;

  beforeEach(async () => {
    under = await open();
    desk = new Desk(under);
    request = desk.pick();
    claim = await desk.claim(request);
  });

  it('a released claim has a nonce of its own and keeps all answers', async () => {
    const answer = desk.later();
    const released = await under.records.release(claim, request, answer);
    if (released === 'lost') throw new Error('lost');
    expect(released).toEqual({ ...released, answers: [answer], attempt: 1, call: claim.call });
    expect(released.nonce).not.toBe(claim.nonce);
    expect(await desk.attempts()).toEqual(['req-1 settle 1 later 60007']);
  });

  it('a claim whose call never left is released without counting, and its next call is the first', async () => {
    await under.records.noteAnswer(claim, { kind: 'unsent', message: 'stopped before it left' });
    const released = await under.records.release(claim, request, 'unsent');
    if (released === 'lost') throw new Error('lost');
    expect(released).toEqual({ ...released, attempt: 0, answers: [], call: claim.call });
    expect(await under.other.find(request)).toEqual({ state: 'released', claim: kept(released) });
    expect(await desk.again(request, released)).toMatchObject({ kind: 'claimed', claim: { attempt: 1 } });
    expect(await desk.attempts()).toEqual(['req-1 settle 1 unsent ', 'req-1 settle 1  ']);
  });

  it('is released once: the second release has lost', async () => {
    const released = await under.records.release(claim, request, desk.later());
    expect(await under.other.release(claim, request, desk.later())).toBe('lost');
    expect(await under.records.find(request)).toEqual({
      state: 'released',
      claim: kept(released as OpenClaim),
    });
  });

  it('a settled request cannot be released', async () => {
    await under.records.settle(claim, doneBy(request), desk.done());
    expect(await under.other.release(claim, request, desk.later())).toBe('lost');
    expect(await under.records.find(request)).toMatchObject({ state: 'settled' });
  });

  it('a claim is settled with its bytes, and its attempt is completed', async () => {
    const settlement = doneBy(request);
    expect(await under.records.settle(claim, settlement, desk.done())).toBe('recorded');
    expect(await under.other.find(request)).toEqual(found(settlement));
    expect(await desk.attempts()).toEqual(['req-1 settle 1 done 0']);
  });

  it('a released claim is settled without an answer, and its attempt keeps what was said before', async () => {
    const released = await under.records.release(claim, request, desk.later());
    if (released === 'lost') throw new Error('lost');
    const settlement = aSettlement(request, { status: 'expired', reason: 'deadline-passed' });
    expect(await under.records.settle(released, settlement, null)).toBe('recorded');
    expect(await under.records.find(request)).toEqual(found(settlement));
    expect(await desk.attempts()).toEqual(['req-1 settle 1 later 60007']);
  });

  it('is settled once: the second owner has lost, and finds what the first one wrote', async () => {
    const first = doneBy(request);
    await under.records.settle(claim, first, desk.done());
    const second = aSettlement(request, { status: 'expired' });
    expect(await under.other.settle(claim, second, null)).toBe('lost');
    expect(await under.other.find(request)).toEqual(found(first));
  });

  it('of two owners that settle at once one is recorded', async () => {
    const settlements = [doneBy(request), aSettlement(request, { status: 'expired' })] as const;
    const results = await Promise.all([
      under.records.settle(claim, settlements[0], desk.done()),
      under.other.settle(claim, settlements[1], null),
    ]);
    expect(results.toSorted()).toEqual(['lost', 'recorded']);
    const recorded = settlements[results[0] === 'recorded' ? 0 : 1];
    expect(await under.records.find(request)).toEqual(found(recorded));
  });

  it('a claim that was repeated by another owner cannot be settled any more', async () => {
    await desk.again(request, claim, { records: under.other });
    expect(await under.records.settle(claim, doneBy(request), desk.done())).toBe('lost');
    expect(await under.records.find(request)).toMatchObject({ state: 'claimed', claim: { attempt: 2 } });
  });

  it('whoever lost tells the mirror all the same: the answer was true', async () => {
    await under.other.settle(claim, aSettlement(request, { status: 'expired' }), null);
    expect(await under.records.settle(claim, doneBy(request), desk.done())).toBe('lost');
    expect(await desk.seatFact(request)).toMatchObject({ state: 'held', occupant: 'user2' });
    expect(await desk.attempts()).toEqual(['req-1 settle 1 done 0']);
  });

  it('another owner that got the message at another time settles it, too', async () => {
    const redelivered = { ...request, receivedAt: request.receivedAt + 20_000 };
    const settlement = doneBy(redelivered);
    expect(await under.other.settle(claim, settlement, null)).toBe('recorded');
    expect(await under.records.find(request)).toEqual(found(settlement));
  });

  it('an answer that settles nothing completes its attempt and leaves the claim', async () => {
    await under.records.noteAnswer(claim, { kind: 'unsent', message: 'no socket was free' });
    expect(await desk.attempts()).toEqual(['req-1 settle 1 unsent ']);
    expect(await under.records.find(request)).toEqual({ state: 'claimed', claim: kept(claim) });
  });
}
