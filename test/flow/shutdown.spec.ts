import { Stage } from '../support/stage/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set({
    twin: { latencyMeanMs: 300, latencyJitterMs: 50 },
    settings: { REQUEST_TTL_MS: '60000' },
  });
}, 90_000);
afterAll(() => stage.close());

it('SIGTERM under load: calls in flight finish, exit code 0 within 15 s, and a successor settles the rest, each once', async () => {
  const members = Array.from({ length: 20 }, (_, at) => `member-${at}`);
  const rooms = await Promise.all(Array.from({ length: 40 }, () => stage.room({ seats: 20, members })));
  const requests = rooms.flatMap((roomId) => members.map((member, at) => stage.pick(roomId, member, at)));
  await stage.send(...requests);
  await stage.until(() => stage.outcomes.length > 50, 'some are settled');

  const [usher] = stage.ushers;
  const ended = await usher?.stop(15_000);
  expect(ended).toEqual({ code: 0, signal: null });
  expect(stage.outcomes.length).toBeLessThan(requests.length);
  // Nothing was left in doubt: whatever was called is settled.
  const open = await stage.sql("select request_id from seat_requests where state = 'claimed'");
  expect(open).toEqual([]);

  await stage.enter();
  const outcomes = await stage.outcomesOf(requests, 50_000);
  expect(outcomes.every(({ status }) => status === 'done')).toBe(true);
  expect(await stage.sql("select 1 from analytics.attempts where class <> 'unsent'")).toHaveLength(
    requests.length,
  );
  expect(usher?.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
}, 120_000);
