import type { OpenClaim } from '../../src/commands/ports.js';
import type { PickRequest } from '../../src/seating/seat-request.js';
import { aSettlement } from '../support/builders/settlements.js';
import { callOf, Desk, doneBy, kept, never } from './records-under-test.js';
import type { RecordsUnderTest } from './records-under-test.js';

/** From the last moment for a call to leave until nothing of it can take effect: our timeout, Tencent's, the lag of its reads. */
const quietMs = 10_000;

/** What `claim` of every `SeatRecords` does. */
export function claimingContract(open: () => Promise<RecordsUnderTest>): void {
  let under: RecordsUnderTest;
  let desk: Desk;

  beforeEach(async () => {
    under = await open();
    desk = new Desk(under);
  });

  const ask = async (request: PickRequest): Promise<string> => {
    const intent = { request, call: callOf(request), prior: null, sample: null };
    return (await under.other.claim(intent, never)).kind;
  };

  it('commits a first attempt with its slot, and notes the call', async () => {
    const request = desk.pick();
    const before = under.now();
    const claim = await desk.claim(request);
    expect(claim).toMatchObject({ attempt: 1, call: callOf(request), answers: [], slotAt: claim.slot.at });
    expect(claim.slotAt).toBeGreaterThanOrEqual(before - 1);
    expect(claim.slot.sendBy).toBe(claim.slot.at + 10);
    expect(claim.slot.monotonicSendBy - claim.slot.monotonicAt).toBeCloseTo(10);
    expect(claim.quietAt).toBe(claim.slot.sendBy + quietMs);
    expect(await under.records.find(request)).toEqual({ state: 'claimed', claim: kept(claim) });
    expect(await desk.attempts()).toEqual(['req-1 settle 1  ']);
  });

  it('never allows a call after the deadline', async () => {
    const claim = await desk.claim(desk.pick({ deadline: under.now() - 5 }));
    expect(claim.slot.sendBy).toBeLessThan(claim.slot.at);
    expect(claim.slot.monotonicSendBy).toBeLessThan(claim.slot.monotonicAt);
    expect(claim.quietAt).toBe(claim.slot.at + 10 + quietMs);
  });

  it('is known where the request is claimed, released or settled', async () => {
    const [claimed, released, settled] = ['a', 'b', 'c'].map((requestId, index) =>
      desk.pick({ requestId, index, memberAccount: requestId }),
    ) as [PickRequest, PickRequest, PickRequest];
    await desk.claim(claimed);
    await under.records.release(await desk.claim(released), released, desk.later());
    await under.records.record(aSettlement(settled), null);
    expect([await ask(claimed), await ask(released), await ask(settled)]).toEqual([
      'known',
      'known',
      'known',
    ]);
    expect(await desk.attempts()).toHaveLength(2);
  });

  it.each([
    ['on the same seat', { memberAccount: 'user3' }],
    ['for the same member', { index: 2 }],
  ])("has a rival in another request's open claim %s, until that is settled", async (_, changes) => {
    const first = desk.pick();
    const claim = await desk.claim(first);
    const second = desk.pick({ requestId: 'second', ...changes });
    expect(await ask(second)).toBe('rival');
    expect(await under.records.find(second)).toBeNull();
    await under.records.settle(claim, doneBy(first), desk.done());
    expect(await ask(second)).toBe('claimed');
  });

  it('has no rival in a released claim, nor in another room or application', async () => {
    const first = desk.pick();
    await under.records.release(await desk.claim(first), first, desk.later());
    expect(await ask(desk.pick({ requestId: 'second' }))).toBe('claimed');
    expect(await ask(desk.pick({ requestId: 'third', roomId: 'another room' }))).toBe('claimed');
  });

  it('of copies that come at once one is claimed', async () => {
    const request = desk.pick();
    const intent = { request, call: callOf(request), prior: null, sample: null };
    const claims = await Promise.all(
      [under.records, under.other, under.records].map((records) => records.claim(intent, never)),
    );
    expect(claims.map(({ kind }) => kind).toSorted()).toEqual(['claimed', 'known', 'known']);
    expect(await desk.attempts()).toHaveLength(1);
  });

  it('is aborted by a signal that came before', async () => {
    const request = desk.pick();
    const intent = { request, call: callOf(request), prior: null, sample: null };
    expect(await under.records.claim(intent, AbortSignal.abort())).toEqual({ kind: 'aborted' });
    expect(await under.records.find(request)).toBeNull();
  });

  it('is aborted by a signal that comes while it waits for its turn', async () => {
    await desk.claim(desk.pick());
    await under.shutBudget();
    const leaving = new AbortController();
    const request = desk.pick({ requestId: 'second', index: 2, memberAccount: 'user3' });
    const intent = { request, call: callOf(request), prior: null, sample: null };
    const claimed = under.records.claim(intent, leaving.signal);
    await under.records.find(request);
    leaving.abort();
    expect(await claimed).toEqual({ kind: 'aborted' });
    expect(await under.records.find(request)).toBeNull();
    expect(await desk.attempts()).toHaveLength(1);
  });

  describe('of a sample', () => {
    it('spends the draw of the fact, once', async () => {
      const fact = await desk.seat(desk.pick({ requestId: 'sits' }));
      expect(fact.draw).not.toBeNull();
      await desk.claim(desk.pick({ requestId: 'second', memberAccount: 'user3' }), fact);
      expect(await desk.seatFact(desk.pick())).toEqual({ ...fact, draw: null });
      const third = desk.pick({ requestId: 'third', memberAccount: 'user4', roomId: 'room-test', index: 3 });
      const intent = { request: third, call: callOf(third), prior: null, sample: fact };
      expect(await under.other.claim(intent, never)).toEqual({ kind: 'spent' });
      expect(await under.records.find(third)).toBeNull();
      expect(await desk.attempts()).toEqual(['sits settle 1 done 0', 'second audit 1  ']);
    });

    it('is spent when the fact no longer stands', async () => {
      const fact = await desk.seat(desk.pick({ requestId: 'sits' }));
      const request = desk.pick({ requestId: 'second', memberAccount: 'user3' });
      const sample = { ...fact, version: fact.version - 1 };
      const intent = { request, call: callOf(request), prior: null, sample };
      expect(await under.records.claim(intent, never)).toEqual({ kind: 'spent' });
      expect((await desk.seatFact(request)).draw).toBe(fact.draw);
    });
  });

  describe('after a claim before', () => {
    const released = async (request: PickRequest): Promise<OpenClaim> => {
      const claim = await under.records.release(await desk.claim(request), request, desk.later());
      if (claim === 'lost') throw new Error('lost');
      return claim;
    };

    it('is the next attempt and keeps the answers', async () => {
      const request = desk.pick();
      const before = await released(request);
      const claimed = await desk.again(request, before);
      if (claimed.kind !== 'claimed') throw new Error(claimed.kind);
      expect(claimed.claim).toMatchObject({ attempt: 2, answers: before.answers, call: before.call });
      expect(claimed.claim.nonce).not.toBe(before.nonce);
      expect(await under.other.find(request)).toEqual({ state: 'claimed', claim: kept(claimed.claim) });
      expect(await desk.attempts()).toEqual(['req-1 settle 1 later 60007', 'req-1 settle 2  ']);
    });

    it('is the same attempt where that was never sent', async () => {
      const request = desk.pick();
      const claimed = await desk.again(request, await desk.claim(request), { unsent: true });
      expect(claimed).toMatchObject({ kind: 'claimed', claim: { attempt: 1 } });
    });

    it('is known where another owner was faster', async () => {
      const request = desk.pick();
      const before = await released(request);
      await desk.again(request, before, { records: under.other });
      expect(await desk.again(request, before)).toEqual({ kind: 'known' });
      expect(await desk.attempts()).toHaveLength(2);
    });

    it('is known where it was settled meanwhile', async () => {
      const request = desk.pick();
      const before = await released(request);
      await under.other.settle(before, doneBy(request), null);
      expect(await desk.again(request, before)).toEqual({ kind: 'known' });
      expect(await under.records.find(request)).toMatchObject({ state: 'settled' });
    });

    it("has a rival in another request's open claim, and loses nothing by it", async () => {
      const request = desk.pick();
      const before = await released(request);
      const rival = desk.pick({ requestId: 'rival', memberAccount: 'user3' });
      const itsClaim = await desk.claim(rival);
      const [first, neighbour] = ['first', 'neighbour'].map((name) =>
        desk.pick({ requestId: name, roomId: name }),
      );
      if (!first || !neighbour) throw new Error('no picks');
      // While the first one is under way the other two come together.
      const [, claimed, beside] = await Promise.all([
        desk.claim(first),
        desk.again(request, before),
        desk.claim(neighbour),
      ]);
      expect(claimed).toEqual({ kind: 'rival' });
      expect(beside.attempt).toBe(1);
      await under.records.settle(itsClaim, doneBy(rival), desk.done());
      expect(await desk.again(request, before)).toMatchObject({ kind: 'claimed', claim: { attempt: 2 } });
    });
  });
}
