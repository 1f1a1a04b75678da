import type { Twin } from '../../../../sandbox/twin/server.js';
import { startTwin } from '../../../../sandbox/twin/server.js';
import { call, seatList } from '../caller.js';

const create = 'room_engine_http_srv/create_room';
const destroy = 'room_engine_http_srv/destroy_room';
const inform = 'room_engine_http_srv/get_room_info';

describe('the commands on rooms', () => {
  let twin: Twin;

  beforeAll(async () => {
    twin = await startTwin({ latencyMeanMs: 0, latencyJitterMs: 0 });
  });
  afterAll(async () => {
    await twin.stop();
  });
  beforeEach(() => {
    twin.control.reset();
  });

  const ask = async (command: string, body: object): Promise<number | null> =>
    (await call(twin.url, command, body)).code;
  const make = (more: object = {}): Promise<number | null> =>
    ask(create, {
      RoomInfo: { RoomId: 'room', RoomType: 'Conference', IsSeatEnabled: true, MaxSeatCount: 4, ...more },
    });

  it('make a room that can be asked about', async () => {
    expect(await make({ RoomName: 'My room', Owner_Account: 'ann' })).toBe(0);
    twin.control.changeMembers('room', { enter: ['ann', 'bob'] });
    const { body } = await call(twin.url, inform, { RoomId: 'room' });
    expect(body['Response']).toMatchObject({
      RoomInfo: {
        RoomId: 'room',
        RoomName: 'My room',
        Owner_Account: 'ann',
        MaxSeatCount: 4,
        MemberCount: 2,
      },
    });
    expect((await call(twin.url, seatList, { RoomId: 'room' })).text.match(/"Index"/g)).toHaveLength(4);
  });

  it('make a room without seats unless they are asked for', async () => {
    await make({ IsSeatEnabled: undefined });
    expect(twin.control.room('room')).toMatchObject({ seatsEnabled: false, seats: [] });
  });

  it('give as many seats as the plan allows when no number is named, and no more', async () => {
    twin.control.changeOptions({ planSeats: 7 });
    expect(await make({ MaxSeatCount: 8 })).toBe(100013);
    expect(await make({ MaxSeatCount: undefined })).toBe(0);
    expect(twin.control.room('room').seats).toHaveLength(7);
  });

  it('refuse an id in use: as the own one, or as taken', async () => {
    await make();
    expect(await make()).toBe(100010);
    expect(await make({ Owner_Account: 'somebody' })).toBe(100003);
  });

  it.each([
    ['a room type that is none', { RoomType: 'Live' }, 100015],
    ['an id of 49 bytes', { RoomId: 'x'.repeat(49) }, 100002],
    ['an id beyond ASCII', { RoomId: 'Straße' }, 100002],
    ['an unknown field', { Seats: 4 }, 100002],
  ])('refuse %s', async (_what, more, code) => {
    expect(await make(more)).toBe(code);
  });

  it('destroy a room: seats are left, the id is free again', async () => {
    await make();
    twin.control.changeMembers('room', { enter: ['ann'] });
    twin.control.changeSeats('room', [{ index: 0, member: 'ann' }]);
    expect(await ask(destroy, { RoomId: 'room' })).toBe(0);
    const effects = twin.control.effects().entries;
    expect(effects.slice(-2).map(({ kind }) => kind)).toEqual(['seat-left', 'room-destroyed']);
    expect(await ask(inform, { RoomId: 'room' })).toBe(100004);
    expect(await ask(destroy, { RoomId: 'room' })).toBe(100004);
    expect(await make()).toBe(0);
    expect(twin.control.room('room').members).toEqual([]);
  });
});
