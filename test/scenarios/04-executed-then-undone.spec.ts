import { Stage } from '../support/stage/stage.js';
import { breachesOfP5, truthOf } from '../support/truth.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set({ settings: { REQUEST_TTL_MS: '60000', TENCENT_TIMEOUT_MS: '3500' } });
}, 90_000);
afterAll(() => stage.close());

/** How what the call did is undone, in a room where mia was put on seat 1. */
const undone = {
  'she leaves': (roomId: string) => stage.twin.changeMembers(roomId, { leave: ['mia'] }),
  'she leaves, a rival sits': async (roomId: string) => {
    await stage.twin.changeMembers(roomId, { leave: ['mia'] });
    await stage.twin.changeSeats(roomId, [{ index: 1, member: 'tom' }]);
  },
  'she leaves, the seat is locked': async (roomId: string) => {
    await stage.twin.changeMembers(roomId, { leave: ['mia'] });
    await stage.twin.changeSeats(roomId, [{ index: 1, locked: true }]);
  },
  'she moves, a rival sits': (roomId: string) =>
    stage.twin.changeSeats(roomId, [
      { index: 1, member: null },
      { index: 2, member: 'mia' },
      { index: 1, member: 'tom' },
    ]),
  'she leaves and comes back': async (roomId: string) => {
    await stage.twin.changeMembers(roomId, { leave: ['mia'] });
    await stage.twin.changeMembers(roomId, { enter: ['mia'] });
  },
  'the room is destroyed': (roomId: string) => stage.twin.destroyRoom(roomId),
} as const;

interface Story {
  readonly title: keyof typeof undone;
  /** It is undone only after a read has shown it. */
  readonly seen?: true;
  /** What the second call is answered, as often as it comes. */
  readonly secondCode?: number;
  readonly deadlineMs?: number;
  readonly outcome: object;
}

const readBack = { decidedBy: 'read-back', evidence: { readAt: expect.any(String) as unknown } };

const stories: readonly Story[] = [
  {
    title: 'she leaves, a rival sits',
    outcome: { status: 'rejected', reason: 'seat-occupied', ...readBack, evidence: { occupant: 'tom' } },
  },
  { title: 'she leaves, a rival sits', seen: true, outcome: { status: 'done', ...readBack } },
  { title: 'she leaves', outcome: { status: 'rejected', reason: 'not-a-member', ...readBack } },
  { title: 'she leaves', deadlineMs: 6000, outcome: { status: 'expired', ...readBack } },
  {
    title: 'she leaves',
    secondCode: 100102,
    outcome: { status: 'rejected', reason: 'already-queued', ...readBack },
  },
  {
    title: 'she leaves',
    secondCode: 100102,
    deadlineMs: 11_000,
    outcome: { status: 'expired', ...readBack },
  },
  { title: 'she leaves', secondCode: 100210, outcome: { status: 'rejected', ...readBack } },
  {
    title: 'she leaves, the seat is locked',
    outcome: { status: 'rejected', reason: 'seat-locked', ...readBack },
  },
  {
    title: 'she moves, a rival sits',
    outcome: { status: 'rejected', reason: 'already-seated', ...readBack },
  },
  { title: 'she leaves and comes back', outcome: { status: 'done', attempts: 2 } },
  {
    title: 'the room is destroyed',
    outcome: { status: 'rejected', reason: 'room-not-found', ...readBack },
  },
];

it('scenario 4: executed, answer cut, undone again: the outcome says what P5 says, no more', async () => {
  const requests = await Promise.all(
    stories.map(async ({ secondCode, deadlineMs }) => {
      const roomId = await stage.room({ members: ['mia', 'tom'] });
      const concerned = { roomId, command: 'pick_user_on_seat' };
      await stage.twin.addFaults({ fault: { kind: 'answer-lost' }, ...concerned, times: 1 });
      if (secondCode) await stage.twin.addFaults({ fault: { kind: 'code', code: secondCode }, ...concerned });
      const deadline = deadlineMs && { deadline: new Date(Date.now() + deadlineMs).toISOString() };
      return stage.pick(roomId, 'mia', 1, { ...deadline });
    }),
  );
  await stage.send(...requests);
  await Promise.all(
    stories.map(async ({ title, seen }, at) => {
      const roomId = String(requests[at]?.roomId);
      const command = seen ? 'get_seat_list' : 'pick_user_on_seat';
      await stage.until(
        async () => (await stage.callsOf(roomId, command)).some(({ executedAt }) => executedAt !== null),
        `the first ${command} of ${roomId} is executed`,
      );
      await undone[title](roomId);
    }),
  );
  const outcomes = await stage.outcomesOf(requests, 55_000);
  const truth = await truthOf(stage.twin, requests);
  for (const { effects } of truth) expect(effects[0]?.to).not.toBeNull();
  expect(breachesOfP5(outcomes, truth)).toEqual([]);
  expect(outcomes).toMatchObject(stories.map(({ outcome }) => outcome));
}, 90_000);
