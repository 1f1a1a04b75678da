import type { Fault } from '../../sandbox/twin/faults.js';
import type { SeatChange } from '../../sandbox/twin/control-words.js';
import { Stage } from '../support/stage/stage.js';
import { breachesOfP5, truthOf } from '../support/truth.js';

let stage: Stage;
beforeAll(async () => {
  // Every read shows the seats as they were two seconds ago: the most that is reckoned with.
  stage = await Stage.set({ twin: { stalenessMs: 2000 }, settings: { REQUEST_TTL_MS: '60000' } });
}, 90_000);
afterAll(() => stage.close());

/**
 * On its way for 4.8 s, then executed for 3 s, which is the same to the caller as arriving at once and being executed
 * after the sum. The worst case is a tenth of a second later: it is left to the twin, whose timers may be late.
 */
const late: Fault = { kind: 'late', delayMs: 7800, answer: 'after' };
const neverExecuted: Fault = { kind: 'no-answer' };
/** From its departure until nothing of a call can be hidden: our timeout, Tencent's limit, the lag of its reads. */
const quietMs = 5000 + 3000 + 2000;
/** By so much the way of one call to the twin may be longer than another's. */
const pathMs = 100;

/** What is done by hand in the room, so many milliseconds after the call arrived. */
type Deeds = readonly (readonly [afterMs: number, changes: readonly SeatChange[]])[];

interface Story {
  readonly title: string;
  readonly fault?: Fault;
  readonly meanwhile?: Deeds;
  readonly deadlineMs?: number;
  readonly calls?: number;
  readonly outcome?: object;
}

const stories: readonly Story[] = [
  { title: 'nothing else happens' },
  { title: 'the deadline passes before it is executed', deadlineMs: 6000 },
  {
    title: 'somebody sits there until just before',
    meanwhile: [
      [1000, [{ index: 1, member: 'tom' }]],
      [7300, [{ index: 1, member: null }]],
    ],
  },
  {
    title: 'the seat is locked until just before',
    meanwhile: [
      [1000, [{ index: 1, locked: true }]],
      [7300, [{ index: 1, locked: false }]],
    ],
  },
  {
    title: 'the member sits elsewhere until just before',
    meanwhile: [
      [1000, [{ index: 2, member: 'mia' }]],
      [7300, [{ index: 2, member: null }]],
    ],
  },
  {
    title: 'somebody sits there to stay',
    meanwhile: [[1000, [{ index: 1, member: 'tom' }]]],
    outcome: { status: 'rejected', reason: 'seat-occupied', decidedBy: 'read-back', attempts: 1 },
  },
  {
    title: 'it is never executed',
    fault: neverExecuted,
    calls: 2,
    outcome: { status: 'done', decidedBy: 'tencent', attempts: 2 },
  },
];

const seen = { status: 'done', decidedBy: 'read-back', attempts: 1 };

describe('scenario 3: a call that is under way for 4.8 s, is executed 3 s later, and shows 2 s later', () => {
  it('is neither repeated nor rejected before it can be seen', async () => {
    const requests = await Promise.all(
      stories.map(async ({ fault = late, deadlineMs = 60_000 }) => {
        const roomId = await stage.room({ members: ['mia', 'tom'] });
        await stage.twin.addFaults({ fault, roomId, command: 'pick_user_on_seat', times: 1 });
        return stage.pick(roomId, 'mia', 1, { deadline: new Date(Date.now() + deadlineMs).toISOString() });
      }),
    );
    await stage.send(...requests);
    await Promise.all(
      stories.map(({ meanwhile = [] }, at) => perform(String(requests[at]?.roomId), meanwhile)),
    );
    const outcomes = await stage.outcomesOf(requests);
    const truth = await truthOf(stage.twin, requests);
    expect(breachesOfP5(outcomes, truth)).toEqual([]);
    expect(
      stories.map(({ title }, at) => ({
        title,
        calls: truth[at]?.calls.length,
        outcome: outcomes[at],
      })),
    ).toMatchObject(stories.map(({ title, calls = 1, outcome = seen }) => ({ title, calls, outcome })));
    const [first, second] = truth.at(-1)?.calls ?? [];
    expect((second?.arrivedAt ?? 0) - (first?.arrivedAt ?? 0)).toBeGreaterThan(quietMs - pathMs);
  }, 60_000);
});

/** Does the deeds in their order, each at its moment after the call's arrival. */
async function perform(roomId: string, deeds: Deeds): Promise<void> {
  const arrival = async (): Promise<number> => (await stage.callsOf(roomId))[0]?.arrivedAt ?? Infinity;
  await stage.until(async () => (await arrival()) < Infinity, `the call of ${roomId} has arrived`);
  const arrivedAt = await arrival();
  for (const [afterMs, changes] of deeds) {
    await stage.until(() => Date.now() >= arrivedAt + afterMs, `${afterMs} ms have passed`);
    await stage.twin.changeSeats(roomId, changes);
  }
}
