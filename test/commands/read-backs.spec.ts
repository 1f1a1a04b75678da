import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Slot } from '../../src/commands/ports.js';
import { ReadBacks } from '../../src/commands/read-backs.js';
import { arrival } from '../support/builders/requests.js';
import { FakeClock } from '../support/fakes/fake-clock.js';
import { FakeRoomEngine } from '../support/fakes/fake-room-engine.js';
import { FakeSeatRecords } from '../support/fakes/fake-seat-records.js';

const room = { sdkAppId: 1_400_000_000, roomId: 'room-test' };
const never = new AbortController().signal;

/** Grants reads a slot that lies so many milliseconds ahead. */
class RecordsWithSlotsAhead extends FakeSeatRecords {
  aheadMs = 0;
  failNextObserve = false;

  override async claimRead(
    ...args: Parameters<FakeSeatRecords['claimRead']>
  ): Promise<{ nonce: string; slot: Slot } | 'aborted'> {
    const claimed = await super.claimRead(...args);
    if (claimed === 'aborted') return claimed;
    const { at, sendBy, monotonicAt, monotonicSendBy } = claimed.slot;
    const [later, by] = [at + this.aheadMs, sendBy + this.aheadMs];
    const slot = {
      at: later,
      sendBy: by,
      monotonicAt: monotonicAt + this.aheadMs,
      monotonicSendBy: monotonicSendBy + this.aheadMs,
    };
    return { nonce: claimed.nonce, slot };
  }

  override observe(...args: Parameters<FakeSeatRecords['observe']>): Promise<void> {
    const fails = this.failNextObserve;
    this.failNextObserve = false;
    return fails ? Promise.reject(new Error('the database is gone')) : super.observe(...args);
  }
}

/** Milliseconds that whoever asks here is ready to wait. */
const patience = 60_000;

function stage() {
  const clock = new FakeClock();
  const records = new RecordsWithSlotsAhead(clock);
  const engine = new FakeRoomEngine(clock);
  engine.createRoom('room-test', { seats: 2 }).seats[1] = 'user7';
  engine.createRoom('room-other', { seats: 1 });
  return { clock, records, engine, readBacks: new ReadBacks(records, engine, clock) };
}

describe('reading the seats back', () => {
  it('claims the read, tells what it found, and teaches the mirror', async () => {
    const { clock, records, readBacks } = stage();
    const reading = await clock.pass(readBacks.read(room, patience, never));
    expect(reading).toMatchObject({
      kind: 'seats',
      seats: [
        { index: 0, occupant: null },
        { index: 1, occupant: 'user7' },
      ],
    });
    expect(records.attempts.rows).toMatchObject([{ purpose: 'read-back', requestId: null, class: 'seats' }]);
    expect((await records.room(room)).seats.get(1)).toMatchObject({ state: 'held', occupant: 'user7' });
  });

  it('serves everybody who waits for the room with one read', async () => {
    const { clock, records, engine, readBacks } = stage();
    records.budget.shut();
    const all = Promise.all(Array.from({ length: 100 }, () => readBacks.read(room, patience, never)));
    records.budget.open();
    const readings = await clock.pass(all);
    expect(engine.arrived).toHaveLength(1);
    expect(new Set(readings).size).toBe(1);
  });

  it.each([
    ['another room', { ...room, roomId: 'room-other' }],
    ['a room of that name of another application', { ...room, sdkAppId: 1 }],
  ])('reads %s by itself', async (_, other) => {
    const { clock, engine, readBacks } = stage();
    await clock.pass(
      Promise.all([readBacks.read(room, patience, never), readBacks.read(other, patience, never)]),
    );
    expect(engine.arrived).toHaveLength(2);
  });

  it('shares a read whose slot still lies ahead, and none that has started', async () => {
    const { clock, records, engine, readBacks } = stage();
    records.aheadMs = 50;
    const first = readBacks.read(room, patience, never);
    await clock.advance(49);
    const ahead = readBacks.read(room, patience, never);
    clock.step(2);
    const behind = readBacks.read(room, patience, never);
    const [one, same, other] = await clock.pass(Promise.all([first, ahead, behind]));
    expect(same).toBe(one);
    expect(other).not.toBe(one);
    expect(engine.arrived).toHaveLength(2);
  });

  it('reads again for one that comes after a read has ended', async () => {
    const { clock, engine, readBacks } = stage();
    await clock.pass(readBacks.read(room, patience, never));
    const again = await clock.pass(readBacks.read(room, patience, never));
    expect(engine.arrived).toHaveLength(2);
    expect(again).toMatchObject({ sentAt: arrival });
  });

  it.each([
    [60007, [{ sdkAppId: room.sdkAppId, ms: 1_000 }]],
    [100001, []],
  ])(
    'after code %i says nothing of the seats; all instances slow down if asked to',
    async (code, slowDowns) => {
      const { clock, records, engine, readBacks } = stage();
      engine.script({ kind: 'code', code });
      expect(await clock.pass(readBacks.read(room, patience, never))).toMatchObject({
        kind: 'unusable',
        code,
      });
      expect(records.slowDowns).toEqual(slowDowns);
      expect((await records.room(room)).seats.size).toBe(0);
    },
  );

  it('sends nothing when the service stops before a slot was given', async () => {
    const { records, engine, readBacks } = stage();
    const stopping = new AbortController();
    records.budget.shut();
    const reading = readBacks.read(room, patience, stopping.signal);
    await nextTurn();
    stopping.abort();
    expect(await reading).toEqual({ kind: 'unsent', message: 'nobody waits for it any more' });
    expect(engine.arrived).toEqual([]);
  });

  it('is waited for only as long as whoever asks has time; the others wait on', async () => {
    const { clock, records, readBacks } = stage();
    records.budget.shut();
    const patient = readBacks.read(room, patience, never);
    expect(await clock.pass(readBacks.read(room, 500, never))).toEqual({
      kind: 'unsent',
      message: 'no read was to be had in time',
    });
    expect(clock.monotonic()).toBe(500);
    records.budget.open();
    expect(await clock.pass(patient)).toMatchObject({ kind: 'seats' });
  });

  it('takes no slot any more once everybody has given up; who comes later is read for anew', async () => {
    const { clock, records, engine, readBacks } = stage();
    records.budget.shut();
    const both = [readBacks.read(room, 500, never), readBacks.read(room, 700, never)];
    expect((await clock.pass(Promise.all(both))).map(({ kind }) => kind)).toEqual(['unsent', 'unsent']);
    records.budget.open();
    await clock.letOthersRun();
    expect([engine.arrived.length, records.attempts.rows.length]).toEqual([0, 0]);
    expect(await clock.pass(readBacks.read(room, patience, never))).toMatchObject({ kind: 'seats' });
  });

  it('fails for everybody who waits when it cannot be recorded, and not for those who come later', async () => {
    const { clock, records, readBacks } = stage();
    records.failNextObserve = true;
    const both = await Promise.allSettled([
      readBacks.read(room, patience, never),
      readBacks.read(room, patience, never),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await clock.pass(readBacks.read(room, patience, never))).toMatchObject({ kind: 'seats' });
  });
});
