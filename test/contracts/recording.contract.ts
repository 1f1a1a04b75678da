import type { KnownFact } from '../../src/seating/room.js';
import { anInvalidRequest } from '../support/builders/requests.js';
import { aSettlement } from '../support/builders/settlements.js';
import { Desk, found, kept } from './records-under-test.js';
import type { RecordsUnderTest } from './records-under-test.js';

/** What `find` and `record` of every `SeatRecords` do. */
export function recordingContract(open: () => Promise<RecordsUnderTest>): void {
  let under: RecordsUnderTest;
  let desk: Desk;

  beforeEach(async () => {
    under = await open();
    desk = new Desk(under);
  });

  it('a request that nobody recorded is new', async () => {
    await under.records.record(aSettlement(desk.pick()), null);
    expect(await under.records.find(desk.pick({ requestId: 'other' }))).toBeNull();
    expect(await under.records.find(desk.pick({ sdkAppId: 1_400_000_001 }))).toBeNull();
  });

  it('a settled request is found with the very bytes that were recorded', async () => {
    const request = desk.pick({
      memberAccount: 'käthe "\u{1f600}"\\ \u2028 </script>',
      metadata: { b: '\u00e9\ud83d\ude00', a: '\t"\\/', '10': 'ten', '9': 'nine' },
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
    const settlement = aSettlement(request, { message: 'line\nbreak \u007f {"a":1} [,] \\u0000' });
    expect(await under.records.record(settlement, null)).toBe('recorded');
    expect(await under.other.find(request)).toEqual(found(settlement));
  });

  it('an invalid request is recorded with whatever could be read of it', async () => {
    const { requestedAt, receivedAt, deadline } = desk.pick();
    const request = anInvalidRequest({
      memberAccount: null,
      askedType: null,
      requestedAt,
      receivedAt,
      deadline,
    });
    const settlement = aSettlement(request, { errors: request.errors, evidence: null, code: null });
    expect(await under.records.record(settlement, null)).toBe('recorded');
    expect(await under.records.find(request)).toEqual(found(settlement));
  });

  it('a claimed and a released request are found with their claim', async () => {
    const request = desk.pick();
    const claim = await desk.claim(request);
    expect(await under.other.find(request)).toEqual({ state: 'claimed', claim: kept(claim) });
    const released = await under.records.release(claim, request, desk.later());
    if (released === 'lost') throw new Error('lost');
    expect(await under.other.find(request)).toEqual({ state: 'released', claim: kept(released) });
  });

  it('the same id with other content is told apart, whatever became of the first', async () => {
    const [settled, claimed] = [desk.pick({ requestId: 'a' }), desk.pick({ requestId: 'b' })];
    await under.records.record(aSettlement(settled), null);
    await desk.claim(claimed);
    const other = { digest: 'b'.repeat(64), kafka: { partition: 0, offset: '1' } };
    const both = await Promise.all([
      under.records.find({ ...settled, ...other }),
      under.records.find({ ...claimed, ...other }),
    ]);
    expect(both).toEqual([{ state: 'reused' }, { state: 'reused' }]);
  });

  it('the very message that was settled is the same request, whatever an earlier version took it for', async () => {
    const request = desk.pick();
    const settlement = aSettlement(request);
    await under.records.record(settlement, null);
    const digest = 'b'.repeat(64);
    expect(await under.other.find({ ...request, digest })).toEqual(found(settlement));
    const madeAnew = { ...request, digest, requestedAt: request.requestedAt + 1_000 };
    expect(await under.other.find(madeAnew)).toEqual({ state: 'reused' });
  });

  it('a request is recorded once: whoever comes later finds it known', async () => {
    const request = desk.pick();
    const first = aSettlement(request);
    expect(await under.records.record(first, null)).toBe('recorded');
    const second = aSettlement(request, { message: 'another' });
    expect(await under.other.record(second, null)).toBe('known');
    expect(await under.records.find(request)).toEqual(found(first));
  });

  it('a claimed request is known', async () => {
    const request = desk.pick();
    await desk.claim(request);
    expect(await under.records.record(aSettlement(request), null)).toBe('known');
    expect(await under.records.find(request)).toMatchObject({ state: 'claimed' });
  });

  it('of copies that come at once one is recorded, and the others look again', async () => {
    const request = desk.pick();
    const results = await Promise.all(
      [under.records, under.other, under.records, under.other].map((records) =>
        records.record(aSettlement(request), null),
      ),
    );
    expect(results.filter((result) => result === 'recorded')).toHaveLength(1);
    expect(await under.records.record(aSettlement(request), null)).toBe('known');
  });

  it('a known request holds back whoever of its room was decided after it', async () => {
    const request = desk.pick();
    await desk.claim(request);
    const behind = desk.pick({ requestId: 'behind', roomId: request.roomId, index: 7 });
    const results = await Promise.all([
      under.records.record(aSettlement(request), null),
      under.records.record(aSettlement(behind), null),
    ]);
    expect(results).toEqual(['known', 'stale']);
    expect(await under.records.record(aSettlement(behind), null)).toBe('recorded');
  });

  describe('with a premise', () => {
    let premise: KnownFact;

    beforeEach(async () => {
      premise = await desk.seat(desk.pick({ requestId: 'sits' }));
    });

    /** Somebody else is seen on the premise's seat. */
    const overturn = async (): Promise<void> => {
      const { index } = premise;
      const claim = await desk.claim(desk.pick({ requestId: 'overturns', index: 7, memberAccount: 'user8' }));
      const read = await under.records.claimRead(claim.call, 'read-back', new AbortController().signal);
      if (read === 'aborted') throw new Error('aborted');
      const sentAt = premise.evidence.to + 3_000;
      const answered = { ...desk.answered(), code: 0, message: '', sentAt, answeredAt: sentAt + 10 };
      const seats = [{ index, occupant: null, locked: false }];
      await under.other.observe(claim.call, read, { kind: 'seats', seats, ...answered });
    };

    it('is recorded while the fact stands', async () => {
      const request = desk.pick();
      expect(await under.records.record(aSettlement(request), premise)).toBe('recorded');
    });

    it('is recorded when the fact was only confirmed meanwhile', async () => {
      await desk.seat(desk.pick({ requestId: 'sits again' }));
      expect((await desk.seatFact(desk.pick())).evidence.to).toBeGreaterThanOrEqual(premise.evidence.to);
      expect(await under.records.record(aSettlement(desk.pick()), premise)).toBe('recorded');
    });

    it('is stale once something else is believed, and nothing of it is kept', async () => {
      await overturn();
      const request = desk.pick();
      expect(await under.records.record(aSettlement(request), premise)).toBe('stale');
      expect(await under.records.find(request)).toBeNull();
    });

    it('is stale when the fact was never there', async () => {
      const other = desk.pick({ roomId: 'another room' });
      expect(await under.records.record(aSettlement(other), premise)).toBe('stale');
    });

    it('of a room nothing is recorded after a stale one, so that rivals keep their order', async () => {
      const standing = await desk.seatFact(desk.pick());
      await overturn();
      const fresh = await desk.seatFact(desk.pick());
      const ask = (requestId: string, fact: KnownFact | null, roomId = 'room-test') =>
        under.records.record(aSettlement(desk.pick({ requestId, roomId })), fact);
      const results = await Promise.all([
        ask('1', fresh),
        ask('2', null),
        ask('3', standing),
        ask('4', fresh),
        ask('5', null),
        ask('6', null, 'another room'),
      ]);
      expect(results).toEqual(['recorded', 'recorded', 'stale', 'stale', 'stale', 'recorded']);
      expect(await Promise.all([ask('3', fresh), ask('4', fresh), ask('5', null)])).toEqual([
        'recorded',
        'recorded',
        'recorded',
      ]);
    });
  });
}
