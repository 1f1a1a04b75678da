import type { TwinBehaviour } from '../../../../sandbox/twin/options.js';
import { pickChecks } from '../../../../sandbox/twin/options.js';
import type { Twin } from '../../../../sandbox/twin/server.js';
import { startTwin } from '../../../../sandbox/twin/server.js';
import { call, pick } from '../caller.js';

describe('pick_user_on_seat', () => {
  let twin: Twin;

  beforeAll(async () => {
    twin = await startTwin({ latencyMeanMs: 0, latencyJitterMs: 0 });
  });
  afterAll(async () => {
    await twin.stop();
  });
  beforeEach(() => {
    twin.control.reset();
    const members = ['ann', 'bob', 'cem'];
    twin.control.createRooms([
      { roomId: 'room', seats: 3, members, locked: [2] },
      { roomId: 'seatless', seats: 0, seatsEnabled: false, members },
    ]);
  });

  const ask = async (member: string, index: number, roomId = 'room'): Promise<number | null> =>
    (await call(twin.url, pick, { RoomId: roomId, Member_Account: member, Index: index })).code;
  const holders = (): (string | null)[] => twin.control.room('room').seats.map((seat) => seat.memberAccount);

  it('seats a member', async () => {
    expect(await ask('ann', 1)).toBe(0);
    expect(holders()).toEqual([null, 'ann', null]);
    const effect = twin.control.effects().entries.at(-1);
    expect(effect).toMatchObject({ kind: 'seat-taken', memberAccount: 'ann', index: 1, by: pick, call: 1 });
  });

  it('refuses a room that does not exist, and one that was destroyed', async () => {
    expect(await ask('ann', 0, 'nowhere')).toBe(100004);
    twin.control.destroyRoom('room');
    expect(await ask('ann', 0)).toBe(100004);
  });

  it('refuses a room without seats', async () => {
    expect(await ask('ann', 0, 'seatless')).toBe(100211);
  });

  it('refuses somebody who is not in the room, or has left it', async () => {
    expect(await ask('zoe', 0)).toBe(100005);
    twin.control.changeMembers('room', { leave: ['ann'] });
    expect(await ask('ann', 0)).toBe(100005);
  });

  it('refuses a member who sits elsewhere, and moves nobody', async () => {
    await ask('ann', 0);
    expect(await ask('ann', 1)).toBe(100203);
    expect(holders()).toEqual(['ann', null, null]);
  });

  it.each([100203, 100210] as const)(
    'answers the seat already held with %i when told so',
    async (sameSeatCode) => {
      twin.control.changeOptions({ sameSeatCode });
      await ask('ann', 0);
      expect(await ask('ann', 0)).toBe(sameSeatCode);
      expect(await ask('ann', 1)).toBe(100203);
    },
  );

  it('refuses a member who queues for a seat, until it queues no more', async () => {
    twin.control.changeMembers('room', { queue: ['ann'] });
    expect(await ask('ann', 0)).toBe(100202);
    twin.control.changeMembers('room', { unqueue: ['ann'] });
    expect(await ask('ann', 0)).toBe(0);
  });

  it.each([3, -1, 1e15])('refuses the index %d of a room with three seats', async (index) => {
    expect(await ask('ann', index)).toBe(100002);
    twin.control.changeOptions({ indexOutOfRangeCode: 100999 });
    expect(await ask('ann', index)).toBe(100999);
  });

  it('refuses a locked seat', async () => {
    expect(await ask('ann', 2)).toBe(100200);
  });

  it.each([100210, 100201] as const)('refuses a held seat with %i when told so', async (occupiedCode) => {
    twin.control.changeOptions({ occupiedCode });
    await ask('bob', 0);
    expect(await ask('ann', 0)).toBe(occupiedCode);
    expect(holders()[0]).toBe('bob');
  });

  it('calls a room full when every seat is held or locked', async () => {
    await ask('bob', 0);
    await ask('cem', 1);
    expect(await ask('ann', 0)).toBe(100205);
  });

  it.each<[string, TwinBehaviour['checkOrder'], number]>([
    ['as proposed', [...pickChecks], 100211],
    ['backwards', [...pickChecks].reverse(), 100205],
  ])('checks in the order that was chosen: %s', async (_how, checkOrder, code) => {
    twin.control.changeOptions({ checkOrder });
    expect(await ask('zoe', 9, 'seatless')).toBe(code);
  });

  it('lets exactly one of two win a seat', async () => {
    const codes = await Promise.all([ask('ann', 0), ask('bob', 0)]);
    expect(codes.sort()).toEqual([0, 100210]);
  });
});
