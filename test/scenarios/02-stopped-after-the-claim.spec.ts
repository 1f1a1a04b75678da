import type { Usher } from '../../sandbox/parts/usher.js';
import { Stage } from '../support/stage/stage.js';
import { breachesOfP5, truthOf } from '../support/truth.js';
import type { SentPick } from '../support/truth.js';

const sessionMs = 6000;
const timeoutMs = 3500;
/**
 * A minute with the usual settings, less with these: the others take the work over after the session, conclude it after
 * the quiet time (8.5 s), and then some seconds go by.
 */
const longMs = sessionMs + timeoutMs + 5010 + 3000;
/** Shorter than the session, so that the instance keeps its partitions, yet far beyond what a slot allows. */
const shortMs = 2000;
/** What arrives within this time after the stop was in the kernel already, and counts as sent. */
const pathMs = 500;

let stage: Stage;
beforeAll(async () => {
  const settings = {
    REQUEST_TTL_MS: '120000',
    TENCENT_TIMEOUT_MS: String(timeoutMs),
    KAFKA_SESSION_TIMEOUT_MS: String(sessionMs),
  };
  stage = await Stage.set({ instances: 2, partitions: 6, settings });
}, 90_000);
afterAll(() => stage.close());

describe('scenario 2: SIGSTOP between the commit of a claim and its call', () => {
  it('after SIGCONT nothing claimed before is sent: each request has one call, at its slot, and one effect', async () => {
    const requests: SentPick[] = [];
    const [first, second] = stage.ushers as [Usher, Usher];
    await stopBetween(second, requests);
    await passed(shortMs);
    second.signal('SIGCONT');

    const unsent = await stopBetween(first, requests);
    const [outcomes] = await Promise.all([stage.outcomesOf(requests, 60_000), passed(longMs)]);
    first.signal('SIGCONT');
    // Awake again, it looks at what it had claimed, finds it settled, and publishes what is recorded.
    await stage.until(
      () => unsent.every(({ requestId }) => stage.copiesOf(requestId).length > 1),
      'the instance that was stopped has come to the end of its claims',
    );
    await stage.ask(await backlog(2));

    expect(outcomes.filter(({ status }) => status !== 'done')).toEqual([]);
    const truth = await truthOf(stage.twin, requests);
    expect(breachesOfP5(outcomes, truth)).toEqual([]);
    const notOnce = truth.filter(({ calls, effects }) => calls.length !== 1 || effects.length !== 1);
    expect(notOnce.map(({ calls, effects }) => [calls.length, effects.length])).toEqual([]);
    expect(await callsOutOfTime(requests)).toEqual([]);
  }, 120_000);
});

/** Twenty requests a room, each for a seat of its own. */
async function backlog(rooms: number): Promise<SentPick[]> {
  const members = Array.from({ length: 20 }, (_, at) => `member-${at}`);
  const made = await Promise.all(Array.from({ length: rooms }, () => stage.room({ seats: 20, members })));
  const requests = made.flatMap((roomId) => members.map((member, at) => stage.pick(roomId, member, at)));
  await stage.send(...requests);
  return requests;
}

function passed(ms: number): Promise<void> {
  const from = performance.now();
  return stage.until(() => performance.now() - from > ms, `${ms} ms have passed`);
}

/** Stops the instance at a moment at which some of its claims have no call yet, trying until it met one; those requests. */
async function stopBetween(usher: Usher, requests: SentPick[]): Promise<SentPick[]> {
  let unsent: SentPick[] = [];
  await stage.until(async () => {
    requests.push(...(await backlog(20)));
    await stage.until(async () => (await claimedBy(usher)).size > 0, 'the instance has claims');
    usher.signal('SIGSTOP');
    await passed(pathMs);
    unsent = await claimedNotCalled(usher, requests);
    if (unsent.length === 0) usher.signal('SIGCONT');
    return unsent.length > 0;
  }, 'an instance was stopped between a claim and its call');
  return unsent;
}

async function claimedNotCalled(usher: Usher, requests: readonly SentPick[]): Promise<SentPick[]> {
  const claimed = await claimedBy(usher);
  const truth = await truthOf(stage.twin, requests);
  return requests.filter(({ requestId }, at) => claimed.has(requestId) && truth[at]?.calls.length === 0);
}

/** Requests of which the instance holds the claim. */
async function claimedBy({ pid }: Usher): Promise<ReadonlySet<string>> {
  const rows = await stage.sql<{ request_id: string }>(
    `select k.request_id from seat_requests as k join attempts as a using (nonce)
      where k.state = 'claimed' and a.instance_id like $1`,
    [`${pid}-%`],
  );
  return new Set(rows.map(({ request_id }) => request_id));
}

/** Requests with a call that arrived at the twin although no slot of theirs had just come. */
async function callsOutOfTime(requests: readonly SentPick[]): Promise<string[]> {
  const rows = await stage.sql<{ request_id: string; slots: number[] }>(
    `select request_id, array_agg(extract(epoch from slot_at)::float8 * 1000) as slots from attempts
      where request_id is not null group by 1`,
  );
  const slots = new Map(rows.map((row) => [row.request_id, row.slots]));
  const truth = await truthOf(stage.twin, requests);
  return requests.flatMap(({ requestId }, at) => {
    const inTime = ({ arrivedAt }: { arrivedAt: number }): boolean =>
      (slots.get(requestId) ?? []).some((slot) => Math.abs(arrivedAt - slot) < pathMs);
    return truth[at]?.calls.every(inTime) ? [] : [requestId];
  });
}
