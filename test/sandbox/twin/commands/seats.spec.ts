import type { Twin } from '../../../../sandbox/twin/server.js';
import { startTwin } from '../../../../sandbox/twin/server.js';
import { call, seatList, until } from '../caller.js';

const kick = 'room_engine_http_mic/kick_user_off_seat';
const lock = 'room_engine_http_mic/lock_seat';
const free = { IsTakenDisabled: false, IsVideoDisabled: false, IsAudioDisabled: false };

describe('the commands on seats', () => {
  let twin: Twin;

  beforeAll(async () => {
    twin = await startTwin({ latencyMeanMs: 0, latencyJitterMs: 0 });
  });
  afterAll(async () => {
    await twin.stop();
  });
  beforeEach(() => {
    twin.control.reset();
    twin.control.createRooms([
      { roomId: 'room', seats: 3, members: ['ann', 'bob', '144115233775727695'], locked: [2] },
      { roomId: 'seatless', seats: 0, seatsEnabled: false, members: ['ann'] },
    ]);
    twin.control.changeSeats('room', [{ index: 0, member: 'ann' }]);
  });

  const ask = async (command: string, body: object): Promise<number | null> =>
    (await call(twin.url, command, { RoomId: 'room', ...body })).code;
  const list = async (roomId = 'room'): Promise<unknown> =>
    (await call(twin.url, seatList, { RoomId: roomId })).body['Response'];
  const kicked = { Member_Account: 'ann', Data: 'time over' };

  describe('get_seat_list', () => {
    it('lists held, empty and locked seats', async () => {
      expect(await list()).toEqual({
        SeatList: [
          { Index: 0, Member_Account: 'ann', ...free },
          { Index: 1, ...free },
          { Index: 2, ...free, IsTakenDisabled: true },
        ],
      });
    });

    it('shows an empty seat with an empty account when told so', async () => {
      twin.control.changeOptions({ freeSeatAccount: 'empty-text' });
      expect(await list()).toMatchObject({ SeatList: [{}, { Index: 1, Member_Account: '' }, {}] });
    });

    it('writes accounts of digits as bare numbers when told so, digit by digit', async () => {
      twin.control.changeSeats('room', [{ index: 1, member: '144115233775727695' }]);
      expect((await call(twin.url, seatList, { RoomId: 'room' })).text).toContain('"144115233775727695"');
      twin.control.changeOptions({ digitAccountsAsNumbers: true });
      const { text } = await call(twin.url, seatList, { RoomId: 'room' });
      expect(text).toContain('"Member_Account":144115233775727695,');
      expect(text).toContain('"Member_Account":"ann"');
    });

    it('answers for a room without seats with an empty list, or refuses when told so', async () => {
      expect(await list('seatless')).toEqual({ SeatList: [] });
      twin.control.changeOptions({ seatListWithoutSeats: 'refused' });
      expect(await ask(seatList, { RoomId: 'seatless' })).toBe(100211);
    });

    it('refuses a room that does not exist', async () => {
      expect(await ask(seatList, { RoomId: 'nowhere' })).toBe(100004);
    });

    it('shows the past as far back as told, and catches up', async () => {
      twin.control.changeOptions({ stalenessMs: 150 });
      const changed = performance.now();
      twin.control.changeSeats('room', [{ index: 1, member: 'bob' }]);
      let shown = await list();
      while (performance.now() - changed < 2_000 && !JSON.stringify(shown).includes('bob'))
        shown = await list();
      expect(shown).toMatchObject({ SeatList: [{ Member_Account: 'ann' }, { Member_Account: 'bob' }, {}] });
      expect(performance.now() - changed).toBeGreaterThanOrEqual(150);
    });
  });

  describe('kick_user_off_seat', () => {
    it('frees the seat and leaves the member in the room', async () => {
      expect(await ask(kick, kicked)).toBe(0);
      expect(twin.control.room('room').seats[0]?.memberAccount).toBeNull();
      expect(twin.control.room('room').members).toContain('ann');
    });

    it.each([0, 100206] as const)(
      'answers for a member without a seat with %i when told so',
      async (code) => {
        twin.control.changeOptions({ kickUnseatedCode: code });
        expect(await ask(kick, { ...kicked, Member_Account: 'bob' })).toBe(code);
      },
    );

    it.each([0, 100005, 100206] as const)('answers for a stranger with %i when told so', async (code) => {
      twin.control.changeOptions({ kickNonMemberCode: code });
      expect(await ask(kick, { ...kicked, Member_Account: 'zoe' })).toBe(code);
    });

    it('needs Data, not empty and not too long', async () => {
      expect(await ask(kick, { Member_Account: 'ann' })).toBe(100002);
      expect(await ask(kick, { ...kicked, Data: '' })).toBe(100002);
      expect(await ask(kick, { ...kicked, Data: 'x'.repeat(201) })).toBe(100002);
      expect(twin.control.room('room').seats[0]?.memberAccount).toBe('ann');
      twin.control.changeOptions({ emptyKickDataRefused: false });
      expect(await ask(kick, { ...kicked, Data: '' })).toBe(0);
    });
  });

  describe('lock_seat', () => {
    it('removes who sits there, then locks', async () => {
      expect(await ask(lock, { Index: 0, ForbidTaken: true })).toBe(0);
      expect(twin.control.room('room').seats[0]).toMatchObject({ memberAccount: null, locked: true });
      const kinds = twin.control.effects().entries.map(({ kind }) => kind);
      expect(kinds.slice(-2)).toEqual(['seat-left', 'seat-locked']);
    });

    it('unlocks', async () => {
      expect(await ask(lock, { Index: 2, ForbidTaken: false })).toBe(0);
      expect(twin.control.room('room').seats[2]?.locked).toBe(false);
    });

    it('has no effect on a seat that is locked already, or open already', async () => {
      const before = twin.control.effects().entries.length;
      expect(await ask(lock, { Index: 2, ForbidTaken: true })).toBe(0);
      expect(await ask(lock, { Index: 1, ForbidTaken: false })).toBe(0);
      expect(twin.control.effects().entries.length).toBe(before);
    });

    it('takes camera and microphone from the holder alone, until the seat is left', async () => {
      await ask(lock, { Index: 0, ForbidVideo: true, ForbidAudio: true });
      await ask(lock, { Index: 1, ForbidVideo: true });
      expect(await list()).toMatchObject({
        SeatList: [{ IsVideoDisabled: true, IsAudioDisabled: true }, { IsVideoDisabled: false }, {}],
      });
      await ask(kick, kicked);
      expect(await list()).toMatchObject({
        SeatList: [{ IsVideoDisabled: false, IsAudioDisabled: false }, {}, {}],
      });
    });

    it('leaves a flag that is not named as it was, or clears it when told so', async () => {
      await ask(lock, { Index: 0, ForbidVideo: true });
      await ask(lock, { Index: 0, ForbidAudio: true });
      expect(twin.control.room('room').seats[0]).toMatchObject({
        videoForbidden: true,
        audioForbidden: true,
      });
      twin.control.changeOptions({ omittedLockFlags: 'cleared' });
      await ask(lock, { Index: 0, ForbidAudio: true });
      expect(twin.control.room('room').seats[0]).toMatchObject({
        videoForbidden: false,
        audioForbidden: true,
      });
    });

    it('refuses an index beyond the room and a room without seats', async () => {
      expect(await ask(lock, { Index: 3, ForbidTaken: true })).toBe(100002);
      expect(await ask(lock, { RoomId: 'seatless', Index: 0, ForbidTaken: true })).toBe(100211);
    });
  });

  it('leaving the room frees the seat', async () => {
    twin.control.changeMembers('room', { leave: ['ann'] });
    await until('seat left', () => twin.control.effects().entries.some(({ kind }) => kind === 'seat-left'));
    expect(await list()).toMatchObject({ SeatList: [{ Index: 0, ...free }, {}, {}] });
    expect(JSON.stringify(await list())).not.toContain('ann');
  });
});
