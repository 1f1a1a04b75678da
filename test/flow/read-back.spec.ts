import type { FaultRule } from '../../sandbox/twin/faults.js';
import { Stage } from '../support/stage/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set({ settings: { REQUEST_TTL_MS: '60000', TENCENT_TIMEOUT_MS: '3500' } });
}, 90_000);
afterAll(() => stage.close());

/** From a slot on: our grace and timeout, Tencent's limit, the lag of its reads. */
const quietMs = 10 + 3500 + 3000 + 2000;

const meanwhile = {
  'seat taken': (roomId: string) => stage.twin.changeSeats(roomId, [{ index: 1, member: 'tom' }]),
  'seat locked': (roomId: string) => stage.twin.changeSeats(roomId, [{ index: 1, locked: true }]),
  'member elsewhere': (roomId: string) => stage.twin.changeSeats(roomId, [{ index: 2, member: 'mia' }]),
  'room destroyed': (roomId: string) => stage.twin.destroyRoom(roomId),
  'member left': (roomId: string) => stage.twin.changeMembers(roomId, { leave: ['mia'] }),
  nothing: () => Promise.resolve(),
} as const;

interface Story {
  readonly title: string;
  readonly fault: FaultRule['fault'];
  readonly times?: number;
  readonly then?: keyof typeof meanwhile;
  /** Calls that the twin has got when it is over, and the outcome. */
  readonly calls: number;
  readonly outcome: object;
}

const done = { status: 'done', reason: null };
const read = { decidedBy: 'read-back', evidence: { source: 'read', readAt: expect.any(String) as unknown } };

/** What happened to the first call, what happened meanwhile, and what must come of it. */
const stories: readonly Story[] = [
  {
    title: 'executed, answer lost',
    fault: { kind: 'answer-lost' },
    calls: 1,
    outcome: { ...done, ...read, code: null, attempts: 1 },
  },
  {
    title: 'executed, body cut off',
    fault: { kind: 'truncated', cut: true },
    calls: 1,
    outcome: { ...done, ...read, attempts: 1 },
  },
  {
    title: 'executed, 502 with HTML',
    fault: { kind: 'http-error', executes: true },
    calls: 1,
    outcome: { ...done, ...read, attempts: 1 },
  },
  {
    title: 'executed late, after we gave up',
    fault: { kind: 'late', delayMs: 2500, answer: 'cut' },
    calls: 1,
    outcome: { ...done, ...read, attempts: 1 },
  },
  {
    title: 'lost on its way',
    fault: { kind: 'request-lost' },
    calls: 2,
    outcome: { ...done, code: 0, decidedBy: 'tencent', attempts: 2 },
  },
  {
    title: '502 with HTML, not executed',
    fault: { kind: 'http-error' },
    calls: 2,
    outcome: { ...done, attempts: 2 },
  },
  {
    title: '100001, not executed',
    fault: { kind: 'code', code: 100001 },
    calls: 2,
    outcome: { ...done, attempts: 2 },
  },
  {
    title: '100001, executed',
    fault: { kind: 'code', code: 100001, executes: true },
    calls: 1,
    outcome: { ...done, ...read, attempts: 1 },
  },
  {
    title: 'unknown code, executed',
    fault: { kind: 'code', code: 199999, executes: true },
    calls: 1,
    outcome: { ...done, ...read, attempts: 1 },
  },
  {
    title: 'unknown code twice, not executed',
    fault: { kind: 'code', code: 199999 },
    times: 2,
    calls: 2,
    outcome: {
      status: 'failed',
      reason: 'unknown-code',
      code: 199999,
      advice: 'ask-operator',
      ...read,
      attempts: 2,
    },
  },
  {
    title: 'lost, and somebody else takes the seat',
    fault: { kind: 'request-lost' },
    then: 'seat taken',
    calls: 1,
    outcome: {
      status: 'rejected',
      reason: 'seat-occupied',
      code: 100210,
      decidedBy: 'read-back',
      evidence: { occupant: 'tom' },
    },
  },
  {
    title: 'lost, and the seat is locked',
    fault: { kind: 'request-lost' },
    then: 'seat locked',
    calls: 1,
    outcome: { status: 'rejected', reason: 'seat-locked', code: 100200, ...read },
  },
  {
    title: 'lost, and the member sits down elsewhere',
    fault: { kind: 'request-lost' },
    then: 'member elsewhere',
    calls: 1,
    outcome: { status: 'rejected', reason: 'already-seated', code: 100203, ...read },
  },
  {
    title: 'lost, and the room is destroyed',
    fault: { kind: 'request-lost' },
    then: 'room destroyed',
    calls: 1,
    outcome: { status: 'rejected', reason: 'room-not-found', code: 100004, ...read },
  },
  {
    title: 'lost, and the member leaves',
    fault: { kind: 'request-lost' },
    then: 'member left',
    calls: 2,
    outcome: { status: 'rejected', reason: 'not-a-member', code: 100005, attempts: 2 },
  },
];

it('a call whose result is unknown is read back before anything else, and never blindly repeated', async () => {
  const requests = await Promise.all(
    stories.map(async ({ fault, times = 1 }) => {
      const roomId = await stage.room({ members: ['mia', 'tom'] });
      await stage.twin.addFaults({ fault, roomId, command: 'pick_user_on_seat', times });
      return stage.pick(roomId, 'mia', 1);
    }),
  );
  await stage.send(...requests);
  await Promise.all(
    stories.map(async ({ then = 'nothing' }, at) => {
      const roomId = String(requests[at]?.roomId);
      await stage.until(
        async () => (await stage.callsOf(roomId)).length > 0,
        `the call of ${roomId} has arrived`,
      );
      await meanwhile[then](roomId);
    }),
  );
  const outcomes = await stage.outcomesOf(requests, 55_000);
  const told = await Promise.all(
    stories.map(async ({ title }, at) => ({
      title,
      calls: (await stage.callsOf(String(requests[at]?.roomId))).length,
      outcome: outcomes[at],
    })),
  );
  expect(told).toMatchObject(stories.map(({ title, calls, outcome }) => ({ title, calls, outcome })));
}, 90_000);

it('no call was repeated before a read that started after its quiet time', async () => {
  const attempts = await stage.sql<{
    room_id: string;
    purpose: string;
    attempt: number | null;
    slot_at: Date;
    quiet: boolean;
  }>(
    `select room_id, purpose, attempt, slot_at from analytics.attempts where class is distinct from 'unsent' order by slot_at`,
  );
  const repeated = attempts.filter(({ purpose, attempt }) => purpose === 'settle' && attempt === 2);
  expect(repeated.length).toBeGreaterThan(3);
  for (const second of repeated) {
    const first = attempts.find(({ room_id, attempt }) => room_id === second.room_id && attempt === 1);
    const between = attempts.filter(
      ({ room_id, purpose, slot_at }) =>
        room_id === second.room_id && purpose === 'read-back' && slot_at < second.slot_at,
    );
    const latest = between.at(-1)?.slot_at.getTime() ?? 0;
    expect(latest - (first?.slot_at.getTime() ?? 0)).toBeGreaterThanOrEqual(quietMs);
  }
});
