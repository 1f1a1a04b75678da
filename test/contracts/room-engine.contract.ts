import type { Clock, RoomEngine, Slot } from '../../src/commands/ports.js';

/** A room to be made for a test. */
interface RoomToMake {
  readonly roomId: string;
  readonly seats: number;
  readonly members?: readonly string[];
  readonly queued?: readonly string[];
  readonly locked?: readonly number[];
  /** Who sits where at first. */
  readonly seated?: Readonly<Record<number, string>>;
  readonly enabled?: boolean;
}

/** What goes wrong with the next call or read. */
type Mishap = { readonly silent: 'executed' | 'lost' } | { readonly code: number };

/** An engine and the Tencent behind it. */
export interface RoomEngineWorld {
  readonly engine: RoomEngine;
  readonly clock: Clock;
  readonly sdkAppId: number;
  makeRoom(room: RoomToMake): void;
  mishap(mishap: Mishap): void;
  /** How many calls and reads reached Tencent. */
  arrived(): number;
  close(): Promise<void>;
}

/** What every `RoomEngine` keeps; run on the fake and on the real client against the twin. */
export function roomEngineContract(name: string, build: () => Promise<RoomEngineWorld>): void {
  describe(`${name} as a room engine`, () => {
    let world: RoomEngineWorld;
    beforeEach(async () => {
      world = await build();
    });
    afterEach(() => world.close());

    const slotIn = (ms: number, graceMs = 250): Slot => {
      const at = world.clock.now() + ms;
      const monotonicAt = world.clock.monotonic() + ms;
      return { at, sendBy: at + graceMs, monotonicAt, monotonicSendBy: monotonicAt + graceMs };
    };
    const pick = (memberAccount: string, index: number, slot = slotIn(0), roomId = 'room') =>
      world.engine.call({ command: 'pick', sdkAppId: world.sdkAppId, roomId, memberAccount, index }, slot);
    const read = (roomId = 'room', slot = slotIn(0)) =>
      world.engine.readSeats({ sdkAppId: world.sdkAppId, roomId }, slot);
    const occupants = async (): Promise<(string | null)[]> => {
      const reading = await read();
      return reading.kind === 'seats' ? reading.seats.map(({ occupant }) => occupant) : [];
    };

    it('seats a member, and a read shows it', async () => {
      world.makeRoom({ roomId: 'room', seats: 2, members: ['u'] });
      const before = world.clock.now();
      const answer = await pick('u', 1);
      expect(answer).toMatchObject({ kind: 'done', code: 0, httpStatus: 200 });
      if (answer.kind !== 'done') return;
      expect(answer.tencentRequestId).toMatch(/^Id-/);
      expect(answer.sentAt).toBeGreaterThanOrEqual(before);
      expect(answer.answeredAt).toBeGreaterThanOrEqual(answer.sentAt);
      expect(answer.answeredAt).toBeLessThanOrEqual(world.clock.now());
      expect(await occupants()).toEqual([null, 'u']);
    });

    const full = {
      seats: 3,
      members: ['u', 'a', 'b'],
      queued: ['q'],
      locked: [2],
      seated: { 0: 'a', 1: 'b' },
    };
    it.each([
      ['room-not-found', 100004, 'u', 0, null],
      ['not-a-member', 100005, 'stranger', 0, { seats: 1 }],
      ['seats-disabled', 100211, 'u', 0, { seats: 0, members: ['u'], enabled: false }],
      ['already-seated', 100203, 'a', 1, { seats: 2, members: ['a'], seated: { 0: 'a' } }],
      ['already-queued', 100202, 'q', 0, { seats: 1, members: ['q'], queued: ['q'] }],
      ['invalid-request', 100002, 'u', 3, { seats: 3, members: ['u'] }],
      ['seat-locked', 100200, 'u', 0, { seats: 2, members: ['u'], locked: [0] }],
      ['seats-full', 100205, 'u', 0, full],
      ['seat-occupied', 100210, 'u', 0, { seats: 2, members: ['u', 'a'], seated: { 0: 'a' } }],
    ] as const)('is refused for %s (%i)', async (reason, code, member, index, room) => {
      if (room) world.makeRoom({ roomId: 'room', ...room });
      expect(await pick(member, index)).toMatchObject({ kind: 'refused', reason, code, failed: false });
    });

    it('reads held, free and locked seats', async () => {
      world.makeRoom({ roomId: 'room', seats: 3, members: ['a'], locked: [2], seated: { 0: 'a' } });
      expect(await read()).toMatchObject({
        kind: 'seats',
        seats: [
          { index: 0, occupant: 'a', locked: false },
          { index: 1, occupant: null, locked: false },
          { index: 2, occupant: null, locked: true },
        ],
      });
    });

    it('reads that a room is missing, or was made without seats', async () => {
      world.makeRoom({ roomId: 'room', seats: 0, enabled: false });
      expect(await read('nowhere')).toMatchObject({ kind: 'missing', code: 100004 });
      expect(await read()).toMatchObject({ kind: 'disabled', code: 100211 });
    });

    it('sends at its slot, not before', async () => {
      world.makeRoom({ roomId: 'room', seats: 1, members: ['u'] });
      const slot = slotIn(40);
      const answer = await pick('u', 0, slot);
      expect(answer.kind === 'done' ? answer.sentAt - slot.at : NaN).toBeGreaterThanOrEqual(-0.1);
    });

    it('sends nothing for a slot that is past: unsent, without an effect', async () => {
      world.makeRoom({ roomId: 'room', seats: 1, members: ['u'] });
      const before = world.arrived();
      expect(await pick('u', 0, slotIn(-20, 10))).toMatchObject({ kind: 'unsent' });
      expect(await read('room', slotIn(-20, 10))).toMatchObject({ kind: 'unsent' });
      expect(world.arrived()).toBe(before);
      expect(await occupants()).toEqual([null]);
    });

    it.each(['executed', 'lost'] as const)(
      'does not know what became of a call without an answer (%s)',
      async (silent) => {
        world.makeRoom({ roomId: 'room', seats: 1, members: ['u'] });
        world.mishap({ silent });
        expect(await pick('u', 0)).toMatchObject({ kind: 'unknown', code: null, strange: false });
        expect(await occupants()).toEqual([silent === 'executed' ? 'u' : null]);
      },
    );

    it.each([
      [60007, { kind: 'later', pause: true }],
      [70001, { kind: 'later', pause: false, repeats: 1 }],
      [70169, { kind: 'unknown', strange: false }],
      [123456, { kind: 'unknown', strange: true }],
      [60010, { kind: 'refused', failed: true, reason: 'misconfigured' }],
    ])('translates code %i', async (code, translated) => {
      world.makeRoom({ roomId: 'room', seats: 1, members: ['u'] });
      world.mishap({ code });
      expect(await pick('u', 0)).toMatchObject({ ...translated, code });
    });

    it.each([
      [{ silent: 'lost' }, false] as const,
      [{ code: 60007 }, true] as const,
      [{ code: 100001 }, false] as const,
    ])('has no use for a read that ends with %j', async (mishap, pause) => {
      world.makeRoom({ roomId: 'room', seats: 1 });
      world.mishap(mishap);
      expect(await read()).toMatchObject({ kind: 'unusable', pause });
    });

    it('has one winner where many want one seat', async () => {
      const members = ['a', 'b', 'c', 'd'];
      world.makeRoom({ roomId: 'room', seats: 2, members });
      const answers = await Promise.all(members.map((member) => pick(member, 0)));
      expect(answers.map(({ kind }) => kind).sort()).toEqual(['done', 'refused', 'refused', 'refused']);
    });
  });
}
