import type { Reading } from '../../src/seating/answer.js';
import { factsOfReading } from '../../src/seating/facts.js';
import { aSettlement } from '../support/builders/settlements.js';
import { Desk, doneBy, never, plain } from './records-under-test.js';
import type { RecordsUnderTest } from './records-under-test.js';

const room = { sdkAppId: 1_400_000_000, roomId: 'room-test' };

/** What `room`, `claimRead` and `observe` of every `SeatRecords` do, and what answers tell the mirror. */
export function mirrorContract(open: () => Promise<RecordsUnderTest>): void {
  let under: RecordsUnderTest;
  let desk: Desk;

  beforeEach(async () => {
    under = await open();
    desk = new Desk(under);
  });

  const read = async (reading: Reading): Promise<void> => {
    const claimed = await under.records.claimRead(room, 'read-back', never);
    if (claimed === 'aborted') throw new Error('aborted');
    await under.records.observe(room, claimed, reading);
  };
  const seats = (list: readonly (string | null)[], lateMs = 0): Reading => {
    const { sentAt, answeredAt, ...rest } = desk.answered();
    const times = { sentAt: sentAt + lateMs, answeredAt: answeredAt + lateMs };
    const shown = list.map((occupant, index) => ({ index, occupant, locked: false }));
    return { kind: 'seats', code: 0, message: '', ...rest, ...times, seats: shown };
  };

  it('a room that nobody has seen is unknown', async () => {
    expect(await under.records.room(room)).toEqual({
      existence: null,
      seating: null,
      fullness: null,
      seatCount: null,
      seats: new Map(),
      members: new Map(),
    });
  });

  it('what a call did is seen in its room, by every instance, and in no other', async () => {
    const request = desk.pick();
    const answer = desk.done();
    await under.records.settle(await desk.claim(request), doneBy(request), answer);
    const seen = await under.other.room(room);
    expect(seen.existence?.state).toBe('exists');
    expect(seen.members.get('user2')?.state).toBe('present');
    const { sentAt, answeredAt } = answer;
    expect(plain(seen.seats.get(1))).toEqual({
      subject: 'seat',
      index: 1,
      memberAccount: '',
      state: 'held',
      occupant: 'user2',
      evidence: { source: 'own-call', from: sentAt, to: answeredAt },
    });
    expect((await under.other.room({ ...room, sdkAppId: 1 })).existence).toBeNull();
  });

  it('what a refusal implies is seen, too', async () => {
    const request = desk.pick();
    const settlement = aSettlement(request, { decidedBy: 'tencent', reason: 'seat-locked' });
    await under.records.settle(await desk.claim(request), settlement, desk.refused(100200, 'seat-locked'));
    expect(await desk.seatFact(request)).toMatchObject({
      state: 'locked',
      occupant: null,
      evidence: { source: 'rejection' },
    });
  });

  it('a read is noted as an attempt, and everything that it shows is seen', async () => {
    const reading = seats(['user1', null, 'user3']);
    await read(reading);
    expect(await desk.attempts()).toEqual([' read-back  seats 0']);
    const { existence, seating, fullness, seatCount, seats: shown } = await under.other.room(room);
    expect([existence, seating, fullness, seatCount, ...shown.values()].map(plain)).toEqual(
      factsOfReading(reading),
    );
  });

  it('a read that found nothing to rely on is noted and tells nothing', async () => {
    await read({ ...desk.answered(), kind: 'unusable', code: 60007, message: '', waitMs: 500, pause: true });
    await read({ kind: 'unsent', message: 'no socket was free' });
    expect((await desk.attempts()).toSorted()).toEqual([' read-back  unsent ', ' read-back  unusable 60007']);
    expect((await under.records.room(room)).existence).toBeNull();
  });

  it('a read waits for its turn and may be sent away', async () => {
    expect(await under.records.claimRead(room, 'read-back', AbortSignal.abort())).toBe('aborted');
    expect(await desk.attempts()).toEqual([]);
  });

  it('a fact that is confirmed keeps its version and its draw; one that changes gets new ones', async () => {
    await read(seats(['user1']));
    const [first] = (await under.records.room(room)).seats.values();
    await read(seats(['user1'], 1_000));
    const [confirmed] = (await under.records.room(room)).seats.values();
    await read(seats([null], 10_000));
    const [changed] = (await under.records.room(room)).seats.values();
    expect(confirmed).toMatchObject({ version: first?.version, draw: first?.draw });
    expect(confirmed?.evidence.to).toBeGreaterThan(first?.evidence.to ?? Infinity);
    expect(changed).toMatchObject({ state: 'free', version: (first?.version ?? 0) + 1 });
    expect(typeof changed?.draw).toBe('number');
  });

  it('two reads of one time that contradict each other leave the seat unknown', async () => {
    await Promise.all([read(seats(['user1'])), read(seats(['user2']))]);
    const [seat] = (await under.records.room(room)).seats.values();
    expect(seat).toMatchObject({ state: 'unknown', occupant: null });
  });

  it('older news change nothing', async () => {
    await read(seats(['user1'], 10_000));
    const [before] = (await under.records.room(room)).seats.values();
    await read(seats([null]));
    const [after] = (await under.records.room(room)).seats.values();
    expect(after).toEqual(before);
  });

  it('whoever is seated elsewhere is no longer believed on the old seat', async () => {
    await read(seats([null, 'user2', 'user3'], -10_000));
    const before = (await under.records.room(room)).seats;
    const request = desk.pick({ index: 0 });
    await under.records.settle(await desk.claim(request), doneBy(request), desk.done());
    const { seats: after } = await under.records.room(room);
    expect(after.get(0)).toMatchObject({ state: 'held', occupant: 'user2' });
    expect(after.get(1)).toMatchObject({ state: 'unknown', occupant: null });
    expect(after.get(1)?.version).toBe((before.get(1)?.version ?? 0) + 1);
    expect(after.get(2)).toEqual(before.get(2));
  });

  it('whoever is not in the room is no longer believed on a seat', async () => {
    await read(seats([null, 'user2', 'user3'], -10_000));
    const before = (await under.records.room(room)).seats;
    const request = desk.pick();
    await under.records.settle(
      await desk.claim(request),
      doneBy(request),
      desk.refused(100005, 'not-a-member'),
    );
    const { seats: after } = await under.records.room(room);
    expect(after.get(1)).toMatchObject({ state: 'unknown', occupant: null });
    expect(after.get(2)).toEqual(before.get(2));
  });

  it('of a room that is gone nothing is believed any more, nor what older evidence tells later', async () => {
    await read(seats(['user1', 'user2'], -10_000));
    const request = desk.pick();
    await under.records.settle(
      await desk.claim(request),
      doneBy(request),
      desk.refused(100004, 'room-not-found'),
    );
    const gone = await under.records.room(room);
    expect([...gone.seats.values(), gone.fullness, gone.seatCount].map((fact) => fact?.state)).toEqual(
      Array.from({ length: 4 }, () => 'unknown'),
    );
    await read(seats(['user1', 'user2'], -8_000));
    expect((await under.records.room(room)).seats.get(0)).toMatchObject({ state: 'unknown' });
  });

  it('newer evidence of the old seat outlives an older seating', async () => {
    await read(seats([null, 'user2'], 10_000));
    const request = desk.pick({ index: 0 });
    await under.records.settle(await desk.claim(request), doneBy(request), desk.done());
    expect((await under.records.room(room)).seats.get(1)).toMatchObject({ state: 'held', occupant: 'user2' });
  });

  it('evidence of more than the longest age is left out', async () => {
    await read(seats(['user1'], -60_500));
    expect((await under.records.room(room)).seats.size).toBe(0);
    await read(seats(['user1'], -59_000));
    expect((await under.records.room(room)).seats.size).toBe(1);
  });
}
