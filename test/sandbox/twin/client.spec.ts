import { TwinControl } from '../../../sandbox/twin/client.js';
import type { Twin } from '../../../sandbox/twin/server.js';
import { startTwin } from '../../../sandbox/twin/server.js';
import { call, pick, seatList } from './caller.js';

describe('the control API', () => {
  let twin: Twin;
  let control: TwinControl;

  beforeAll(async () => {
    twin = await startTwin({ latencyMeanMs: 0, latencyJitterMs: 0 });
    control = new TwinControl(twin.url);
  });
  afterAll(async () => {
    await twin.stop();
  });
  beforeEach(async () => {
    await control.reset();
    await control.createRoom({
      roomId: 'room one/1',
      seats: 3,
      members: ['ann', 'bob'],
      queued: ['bob'],
      locked: [2],
    });
  });

  it('makes rooms and shows them', async () => {
    expect(await control.room('room one/1')).toMatchObject({
      roomId: 'room one/1',
      seatsEnabled: true,
      members: ['ann', 'bob'],
      queued: ['bob'],
      seats: [{ locked: false }, { locked: false }, { locked: true, memberAccount: null }],
    });
  });

  it('makes many rooms at once and lists them all', async () => {
    await control.createRooms(Array.from({ length: 1_200 }, (_, n) => ({ roomId: `r${n}`, seats: 1 })));
    expect((await control.rooms()).map(({ roomId }) => roomId)).toHaveLength(1_201);
    expect((await control.stats()).rooms).toBe(1_201);
  });

  it('makes one room without a list around it', async () => {
    const body = JSON.stringify({ roomId: 'single', seats: 1 });
    const response = await fetch(`${twin.url}/twin/rooms`, { method: 'POST', body });
    expect(response.status).toBe(204);
    expect(await control.room('single')).toMatchObject({ roomId: 'single' });
  });

  it('destroys rooms', async () => {
    await control.destroyRoom('room one/1');
    await expect(control.room('room one/1')).rejects.toThrow(/There is no room/);
  });

  it('lets members enter, queue and leave, with their seats', async () => {
    await control.changeMembers('room one/1', { enter: ['cem'], unqueue: ['bob'] });
    await control.changeSeats('room one/1', [{ index: 0, member: 'cem' }]);
    const room = await control.changeMembers('room one/1', { leave: ['cem'] });
    expect(room).toMatchObject({
      members: ['ann', 'bob'],
      queued: [],
      seats: [{ memberAccount: null }, {}, {}],
    });
  });

  it('changes seats as a client would', async () => {
    const room = await control.changeSeats('room one/1', [
      { index: 0, member: 'ann' },
      { index: 1, member: 'ann' },
      { index: 2, locked: false, member: 'bob' },
    ]);
    expect(room.seats.map(({ memberAccount }) => memberAccount)).toEqual([null, 'ann', 'bob']);
    const locked = await control.changeSeats('room one/1', [
      { index: 1, locked: true },
      { index: 2, member: null },
    ]);
    expect(locked.seats.map(({ memberAccount, locked }) => [memberAccount, locked])).toEqual([
      [null, false],
      [null, true],
      [null, false],
    ]);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['a room twice', () => control.createRoom({ roomId: 'room one/1', seats: 1 }), /already/],
    ['a room without an id', () => control.createRoom({ roomId: '', seats: 1 }), /roomId/],
    [
      'a stranger on a seat',
      () => control.changeSeats('room one/1', [{ index: 0, member: 'zoe' }]),
      /not in room/,
    ],
    [
      'somebody on a locked seat',
      () => control.changeSeats('room one/1', [{ index: 2, member: 'ann' }]),
      /locked/,
    ],
    [
      'a seat beyond the room',
      () => control.changeSeats('room one/1', [{ index: 3, locked: true }]),
      /no seat 3/,
    ],
    ['an unknown room', () => control.changeMembers('nowhere', {}), /There is no room/],
    ['a wrong option', () => control.changeOptions({ limitPerSecond: 0 }), /limitPerSecond/],
    ['a check order that leaves one out', () => control.changeOptions({ checkOrder: ['full'] }), /name each/],
  ])('refuses %s in words', async (_what, ask, words) => {
    await expect(ask()).rejects.toThrow(words);
  });

  it('names its routes to whoever is lost', async () => {
    const response = await fetch(`${twin.url}/twin/nothing`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('POST /twin/rooms/:id/seats');
  });

  it('sets faults, shows what is left of them, clears them', async () => {
    await control.addFaults({ fault: { kind: 'code', code: 7 }, times: 2 });
    expect((await call(twin.url, seatList, { RoomId: 'room one/1' })).code).toBe(7);
    expect(await control.faults()).toMatchObject([{ left: 1 }]);
    await control.clearFaults();
    expect((await call(twin.url, seatList, { RoomId: 'room one/1' })).code).toBe(0);
  });

  it('changes options while it runs, and a reset brings the first ones back', async () => {
    await control.changeOptions({ limitPerSecond: 1 });
    const codes = [];
    for (let n = 0; n < 2; n++) codes.push((await call(twin.url, seatList, { RoomId: 'x' })).code);
    await control.reset();
    for (let n = 0; n < 2; n++) codes.push((await call(twin.url, seatList, { RoomId: 'x' })).code);
    expect(codes).toEqual([100004, 60007, 100004, 100004]);
  });

  it('tells all calls and effects, page by page, and those after a number', async () => {
    await control.changeOptions({ limitPerSecond: 2_000 });
    const body = { RoomId: 'room one/1', Member_Account: 'ann', Index: 0 };
    for (let n = 0; n < 13; n++)
      await Promise.all(Array.from({ length: 40 }, () => call(twin.url, pick, body)));
    expect((await control.calls()).map(({ n }) => n)).toEqual(Array.from({ length: 520 }, (_, n) => n + 1));
    expect(await control.calls(519)).toMatchObject([{ n: 520, command: pick, answerCode: 100203 }]);
    const effects = await control.effects();
    expect(effects.at(-1)).toMatchObject({ kind: 'seat-taken', memberAccount: 'ann', by: pick, call: 1 });
    expect(await control.effects(effects.length)).toEqual([]);
  });
});
