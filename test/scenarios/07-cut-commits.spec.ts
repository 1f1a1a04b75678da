import { startTcpProxy } from '../../sandbox/parts/tcp-proxy.js';
import type { TcpProxy } from '../../sandbox/parts/tcp-proxy.js';
import { HeldCommits } from '../support/stage/held-commits.js';
import type { HeldState } from '../support/stage/held-commits.js';
import { Stage } from '../support/stage/stage.js';
import { unclaimedCalls } from '../support/stage/unclaimed-calls.js';

type Pick = ReturnType<Stage['pick']>;

let stage: Stage;
let proxy: TcpProxy;
let commits: HeldCommits;
beforeAll(async () => {
  stage = await Stage.set({
    instances: 0,
    settings: {
      REQUEST_TTL_MS: '60000',
      TENCENT_TIMEOUT_MS: '3500',
      MIRROR_MAX_AGE_WITHOUT_CALLBACKS_MS: '30000',
    },
  });
  commits = await HeldCommits.in(stage);
  const database = new URL(String(stage.settings['DATABASE_URL']));
  proxy = await startTcpProxy({ host: database.hostname, port: Number(database.port) });
  database.hostname = '127.0.0.1';
  database.port = String(proxy.port);
  await stage.enter({ DATABASE_URL: database.href });
}, 90_000);
afterAll(async () => {
  await stage.close();
  await proxy.stop();
});

const members = Array.from({ length: 20 }, (_, at) => `member-${at}`);

/** Cuts the service off from backends that stand in a commit and run on, and does so again when it repeats the write. */
async function cutWhileCommitting(
  state: HeldState,
  requests: readonly Pick[],
  meanwhile = noChecks,
): Promise<void> {
  await commits.during(state, async () => {
    await stage.send(...requests);
    await stage.until(async () => (await commits.standing()).length > 0, `a commit of ${state} is held`);
    const standing = await commits.standing();
    proxy.cut();
    await stage.until(async () => (await commits.blocked()).length > 0, 'the write is repeated, and waits');
    proxy.cut();
    await stage.until(async () => (await commits.blocked()).length > 1, 'the write is repeated once more');
    // Nobody told the backend: it is still at it.
    expect(await commits.standing()).toEqual(standing);
    await meanwhile();
  });
}

const noChecks = (): Promise<void> => Promise.resolve();

/** Every request has one outcome, whichever way it was told: in the topic, in the history, and in the twin's room. */
async function expectOneOutcomeEach(requests: readonly Pick[], seated: readonly Pick[]): Promise<void> {
  const outcomes = await stage.outcomesOf(requests, 50_000);
  const sitting = new Set(seated.map(({ requestId }) => requestId));
  for (const { requestId, status, reason } of outcomes)
    expect([requestId, status, reason]).toEqual(
      sitting.has(requestId) ? [requestId, 'done', null] : [requestId, 'rejected', 'seat-occupied'],
    );
  for (const { requestId } of requests) {
    const copies = stage
      .copiesOf(requestId)
      .map(({ value, headers }) => JSON.stringify([String(value), headers]));
    expect(new Set(copies).size).toBe(1);
  }
  const ids = requests.map(({ requestId }) => requestId);
  const rows = await stage.sql('select request_id from request_history where request_id = any($1)', [ids]);
  expect(rows).toHaveLength(requests.length);
  const rooms = new Set(requests.map(({ roomId }) => roomId));
  const effects = (await stage.twin.effects()).filter(
    ({ kind, roomId }) => kind === 'seat-taken' && rooms.has(roomId),
  );
  expect(effects.map(({ memberAccount }) => memberAccount).sort()).toEqual(
    seated.map(({ memberAccount }) => memberAccount).sort(),
  );
  expect(await unclaimedCalls(stage)).toEqual([]);
}

const picksIn = async (): Promise<Pick[]> => {
  const roomId = await stage.room({ seats: 40, members });
  return members.map((member, at) => stage.pick(roomId, member, at));
};

it('scenario 7: cut off during the COMMIT of a claim, while the backend runs on: no call without it, one call with it', async () => {
  const requests = await picksIn();
  const roomId = String(requests[0]?.roomId);
  await cutWhileCommitting('claimed', requests, async () => {
    expect(await stage.callsOf(roomId)).toEqual([]);
  });
  await expectOneOutcomeEach(requests, requests);
  expect(await stage.callsOf(roomId)).toHaveLength(requests.length);
}, 60_000);

it('scenario 7: cut off during the COMMIT of the record of a call: that outcome stands, and nothing is called again', async () => {
  const requests = await picksIn();
  const roomId = String(requests[0]?.roomId);
  const published = stage.outcomes.length;
  await cutWhileCommitting('settled', requests, () => {
    // Recorded before published.
    expect(stage.outcomes).toHaveLength(published);
    return Promise.resolve();
  });
  await expectOneOutcomeEach(requests, requests);
  expect(await stage.callsOf(roomId)).toHaveLength(requests.length);
}, 60_000);

it('scenario 7: cut off during the COMMIT of the record of a prediction: that outcome stands', async () => {
  const roomId = await stage.room({ members });
  const requests = members.map((member) => stage.pick(roomId, member, 1));
  await stage.ask(requests.slice(0, 1));
  await cutWhileCommitting('settled', requests.slice(1));
  await expectOneOutcomeEach(requests, requests.slice(0, 1));
  expect(await stage.callsOf(roomId)).toHaveLength(1);
}, 60_000);

it('scenario 7: cut off many times under load, whatever is being written: one outcome each, no unclaimed call', async () => {
  const rivals = [...members, ...members.map((member) => `second-${member}`)];
  const rooms = await Promise.all(
    Array.from({ length: 20 }, () => stage.room({ seats: 20, members: rivals })),
  );
  const requests = rooms.flatMap((roomId) => rivals.map((member, at) => stage.pick(roomId, member, at % 20)));
  const since = stage.outcomes.length;
  const settled = (): number => stage.outcomes.length - since;
  const lines = stage.ushers[0]?.log.length;
  await stage.send(...requests);
  for (let at = 0; at < requests.length; at = settled() + 20) {
    await stage.until(() => settled() >= at, 'some more are settled');
    proxy.cut();
  }
  await expectOneOutcomeEach(
    requests,
    requests.filter((_, at) => at % 40 < 20),
  );
  const interrupted = stage.ushers[0]?.log
    .slice(lines)
    .flatMap((line) => /"statement":"(claim|settle|record)".*trying again/.exec(line)?.slice(1) ?? []);
  expect([...new Set(interrupted)].sort()).toEqual(['claim', 'record', 'settle']);
}, 90_000);
