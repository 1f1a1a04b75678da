import { Stage } from '../support/stage/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set({ settings: { REQUEST_TTL_MS: '60000', TENCENT_TIMEOUT_MS: '3500' } });
}, 90_000);
afterAll(() => stage.close());

const isOpen = async (): Promise<boolean> => {
  const metrics = await (await fetch(`${stage.ushers[0]?.url ?? ''}/metrics`)).text();
  return metrics.includes('usher_breaker_open{command="pick"} 1');
};

it('while Tencent gives no answers, requests wait or expire without slots or claims; then they go on', async () => {
  const rooms = await Promise.all(Array.from({ length: 200 }, () => stage.room({ members: ['mia'] })));
  const down = { fault: { kind: 'http-error' }, command: 'pick_user_on_seat' } as const;
  await stage.twin.addFaults(down);
  const deadline = new Date(Date.now() + 4_000).toISOString();
  const hasty = rooms.slice(100).map((roomId) => stage.pick(roomId, 'mia', 1, { deadline }));
  const patient = rooms.slice(0, 100).map((roomId) => stage.pick(roomId, 'mia', 1));
  await stage.send(...patient, ...hasty);
  await stage.until(isOpen, 'the breaker opens');
  const expired = await stage.outcomesOf(hasty, 40_000);

  // Twenty prove it; what was claimed by then, a tenth of a second ahead, still goes out; then one at a time.
  const calls = await stage.twin.calls();
  expect(calls.filter(({ command }) => command?.endsWith('pick_user_on_seat')).length).toBeLessThan(80);
  expect(expired.filter(({ status }) => status === 'expired').length).toBeGreaterThan(60);
  const uncalled = expired.filter(({ attempts }) => attempts === 0);
  expect(
    uncalled.filter(({ status, decidedBy }) => status === 'expired' && decidedBy === 'deadline'),
  ).toEqual(uncalled);

  await stage.twin.clearFaults();
  const outcomes = await stage.outcomesOf(patient, 60_000);
  expect(outcomes.filter(({ status }) => status !== 'done')).toEqual([]);
  expect(await isOpen()).toBe(false);
}, 150_000);
