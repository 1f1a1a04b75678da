import { Stage } from '../support/stage/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set({ instances: 2, partitions: 6, settings: { REQUEST_TTL_MS: '120000' } });
}, 90_000);
afterAll(() => stage.close());

it('two instances settle every request once and together never pass 200 calls in any sliding second', async () => {
  const members = Array.from({ length: 20 }, (_, at) => `member-${at}`);
  const rooms = await Promise.all(Array.from({ length: 100 }, () => stage.room({ seats: 10, members })));
  const requests = rooms.flatMap((roomId) =>
    members.map((member, at) => stage.pick(roomId, member, at % 10)),
  );
  const outcomes = await stage.ask(requests, 60_000);

  // Ten seats a room, two rivals each: who comes first in the topic sits.
  expect(outcomes.filter(({ status }) => status === 'done')).toHaveLength(1000);
  expect(outcomes.filter(({ reason }) => reason === 'seat-occupied')).toHaveLength(1000);
  for (const [at, { status }] of outcomes.entries()) expect(status).toBe(at % 20 < 10 ? 'done' : 'rejected');

  const values = new Map<string, string>();
  for (const { value } of stage.outcomes) {
    const { requestId } = JSON.parse(String(value)) as { requestId: string };
    expect(values.get(requestId) ?? String(value)).toBe(String(value));
    values.set(requestId, String(value));
  }
  expect(values.size).toBe(requests.length);

  const shares = await stage.sql<{ calls: string }>(
    "select count(*) as calls from attempts where purpose = 'settle' and class = 'done' group by instance_id",
  );
  expect(shares).toHaveLength(2);
  const slots = await stage.sql<{ at: number }>(
    "select extract(epoch from slot_at)::float8 * 1000 as at from attempts where command = 'pick_user_on_seat' order by 1",
  );
  expect(worstSlidingSecond(slots.map(({ at }) => at))).toBeLessThanOrEqual(200);
  const { commands } = await stage.twin.stats();
  for (const { worstSecond, refused } of commands) {
    expect(worstSecond.calls).toBeLessThanOrEqual(200);
    expect(refused).toBe(0);
  }
}, 120_000);

/** Most of the moments that lie within any second, both ends counted. */
function worstSlidingSecond(moments: readonly number[]): number {
  let from = 0;
  let worst = 0;
  moments.forEach((moment, at) => {
    while (moment - (moments[from] ?? moment) > 1000) from += 1;
    worst = Math.max(worst, at - from + 1);
  });
  return worst;
}
