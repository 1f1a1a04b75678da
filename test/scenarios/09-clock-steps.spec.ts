import { randomUUID } from 'node:crypto';
import type { Usher } from '../../sandbox/parts/usher.js';
import type { CallRecord } from '../../sandbox/twin/journal.js';
import { setDatabaseClock } from '../support/stage/database-clock.js';
import { stall, stallByTurns } from '../support/stage/stall.js';
import { Stage } from '../support/stage/stage.js';

type Pick = ReturnType<Stage['pick']>;

const limit = 200;
/** Where the database's clock is set to, beside the machine's: a step of 10 s each, and back. */
const steps = [10_000, 0, -10_000, 0];
/** Requests that are settled between two steps. */
const between = 350;
/** Calls must flow again within this time, on a busy machine too; whoever reckons with the old clock waits for 10 s. */
const recoveryMs = 8000;
/** A call that arrives so long after its slot was not sent at its slot, however busy the machine is. */
const lateMs = 1000;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set({
    instances: 4,
    partitions: 8,
    settings: {
      REQUEST_TTL_MS: '240000',
      KAFKA_SESSION_TIMEOUT_MS: '20000',
      // Everything shares the cores of one machine: the twin, which counts, stalls for some 50 ms at times.
      TENCENT_JITTER_ALLOWANCE_MS: '100',
    },
  });
}, 90_000);
afterAll(() => stage.close());

/** More than is settled in the whole test: each request needs a call of its own. */
async function backlog(count: number): Promise<Pick[]> {
  const members = Array.from({ length: 100 }, (_, at) => `member-${at}`);
  const rooms = Array.from({ length: count / members.length }, () => `room-${randomUUID().slice(0, 8)}`);
  await stage.twin.createRooms(rooms.map((roomId) => ({ roomId, seats: 100, members })));
  const requests = members.flatMap((member, at) => rooms.map((roomId) => stage.pick(roomId, member, at)));
  await stage.send(...requests);
  return requests;
}

const settleMore = (): Promise<void> => {
  const from = stage.outcomes.length;
  return stage.until(() => stage.outcomes.length >= from + between, 'calls flow', 2 * recoveryMs);
};

it('scenario 9: the clock of the database jumps by 10 s and back under backlog, four instances are stalled and stopped: never more than 200 calls a second, and calls flow again', async () => {
  const requests = await backlog((steps.length + 1) * between + 200);
  await settleMore();
  const [stopped, ...stalled] = stage.ushers as [Usher, ...Usher[]];
  const endStalls = stallByTurns(stalled, { ms: 200, everyMs: 1000 });
  const steppedAt: number[] = [];
  for (const beside of steps) {
    await setDatabaseClock(stage, beside);
    steppedAt.push(Date.now());
    // One instance sleeps through the step, and goes on with what it knew before.
    await Promise.all([stall(stopped, 2000), settleMore()]);
  }
  await endStalls();
  const outcomes = await stage.outcomesOf(requests, 60_000);

  expect(outcomes.filter(({ status }) => status !== 'done')).toEqual([]);
  const calls = (await stage.twin.calls()).filter(({ command }) => command?.endsWith('pick_user_on_seat'));
  // Each took effect once: nobody called blindly again.
  expect(calls.filter(({ resultCode }) => resultCode === 0)).toHaveLength(requests.length);
  const { commands, eventLoop } = await stage.twin.stats();
  const recoveries = steppedAt.map((at) =>
    recovery(
      calls.map(({ arrivedAt }) => arrivedAt),
      at,
    ),
  );
  console.log(
    `worst second: ${commands.map(({ command, worstSecond }) => `${command} ${worstSecond.calls}`).join(', ')}; ` +
      `calls flowed again after ${recoveries.map((ms) => `${Math.round(ms)} ms`).join(', ')}; ` +
      `the twin's own longest stall: ${eventLoop.worstStallMs} ms`,
  );
  for (const { command, worstSecond, refused } of commands) {
    expect([command, worstSecond.calls > limit ? worstSecond : 'within the limit', refused]).toEqual([
      command,
      'within the limit',
      0,
    ]);
  }
  for (const ms of recoveries) expect(ms).toBeLessThan(recoveryMs);
  // A stop may fall between a call's last look at the clock and its departure: one call a stop, not all that it had slots for.
  expect((await lateCalls(requests, calls)).length).toBeLessThanOrEqual(steps.length);
}, 180_000);

/** Calls that arrived long after the slot of their claim, whichever clock it was told by. */
async function lateCalls(requests: readonly Pick[], calls: readonly CallRecord[]): Promise<CallRecord[]> {
  const slots = await stage.sql<{ request_id: string; slot_at: Date }>(
    "select request_id, slot_at from attempts where request_id is not null and class is distinct from 'unsent'",
  );
  const ids = new Map(
    requests.map(({ roomId, memberAccount, requestId }) => [`${roomId} ${memberAccount}`, requestId]),
  );
  return calls.filter(({ body, arrivedAt }) => {
    const { RoomId, Member_Account } = body as { RoomId: string; Member_Account: string };
    const id = ids.get(`${RoomId} ${Member_Account}`);
    const own = slots.filter(({ request_id }) => request_id === id);
    const away = own.flatMap(({ slot_at }) =>
      steps.map((beside) => arrivedAt - (slot_at.getTime() - beside)),
    );
    return Math.min(...away.map(Math.abs)) > lateMs;
  });
}

/** From a step to the end of the longest silence that follows within so many calls. */
function recovery(arrivals: readonly number[], steppedAt: number): number {
  const after = [steppedAt, ...arrivals.filter((at) => at > steppedAt).slice(0, between / 2)];
  let [silence, end] = [0, steppedAt];
  after.forEach((at, n) => {
    const gap = at - (after[n - 1] ?? at);
    if (gap > silence) [silence, end] = [gap, at];
  });
  return end - steppedAt;
}
