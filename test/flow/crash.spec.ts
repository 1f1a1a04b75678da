import { Stage } from '../support/stage/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set({
    twin: { latencyMeanMs: 800, latencyJitterMs: 100 },
    settings: { REQUEST_TTL_MS: '60000', KAFKA_SESSION_TIMEOUT_MS: '6000', TENCENT_TIMEOUT_MS: '3500' },
  });
}, 90_000);
afterAll(() => stage.close());

it('kill -9 with calls in flight: a successor reads the seats back, nothing is lost and nothing sent twice', async () => {
  const members = Array.from({ length: 20 }, (_, at) => `member-${at}`);
  const rooms = await Promise.all(Array.from({ length: 10 }, () => stage.room({ seats: 20, members })));
  const requests = rooms.flatMap((roomId) => members.map((member, at) => stage.pick(roomId, member, at)));
  await stage.send(...requests);
  await stage.until(async () => (await stage.twin.calls()).length > 60, 'calls are in flight');
  await stage.ushers[0]?.kill();
  const open = await stage.sql("select request_id from seat_requests where state = 'claimed'");
  expect(open.length).toBeGreaterThan(0);

  await stage.enter();
  const outcomes = await stage.outcomesOf(requests, 60_000);
  expect(outcomes.filter(({ status }) => status !== 'done')).toEqual([]);
  expect(outcomes.filter(({ decidedBy }) => decidedBy === 'read-back').length).toBeGreaterThan(0);

  // The twin's truth: each member was seated once, by one call.
  const seated = (await stage.twin.effects()).filter(({ kind }) => kind === 'seat-taken');
  expect(seated).toHaveLength(requests.length);
  const picks = (await stage.twin.calls()).filter(({ command }) => command?.endsWith('pick_user_on_seat'));
  expect(picks.filter(({ resultCode }) => resultCode !== 0)).toEqual([]);
  expect(picks).toHaveLength(requests.length);
}, 120_000);
