import { Cluster } from '../support/stage/cluster.js';
import { setDatabaseClock, untilNoticed } from '../support/stage/database-clock.js';
import { Stage } from '../support/stage/stage.js';
import type { WireOutcome } from '../support/stage/stage.js';

type Pick = ReturnType<Stage['pick']>;

let stage: Stage;
let cluster: Cluster;
beforeAll(async () => {
  // Two partitions for two instances: each has one of them.
  stage = await Stage.set({ instances: 2, partitions: 2, settings: { REQUEST_TTL_MS: '60000' } });
  cluster = await Cluster.of(stage);
}, 90_000);
afterAll(async () => {
  await cluster.close();
  await stage.close();
});

const members = Array.from({ length: 40 }, (_, at) => `member-${at}`);
const picksIn = async (count: number, prefix = ''): Promise<Pick[]> => {
  const roomId = await stage.room({ seats: 100, members: members.map((member) => `${prefix}${member}`) });
  return members.slice(0, count).map((member, at) => stage.pick(roomId, `${prefix}${member}`, at));
};

function send(partition: number, ...requests: readonly object[]): Promise<void> {
  return cluster.send(
    requests.map((request) => ({
      partition,
      key: (request as Pick).roomId,
      value: JSON.stringify(request),
    })),
  );
}

/** Calls that the twin got for these requests, by member. */
async function callsFor(requests: readonly Pick[]): Promise<string[]> {
  const rooms = [...new Set(requests.map(({ roomId }) => roomId))];
  const calls = (await Promise.all(rooms.map((roomId) => stage.callsOf(roomId)))).flat();
  return calls.map(({ body }) => (body as { Member_Account: string }).Member_Account).sort();
}

const membersOf = (requests: readonly Pick[]): string[] =>
  requests.map(({ memberAccount }) => memberAccount).sort();

/** Waits for so many copies of each outcome: the same bytes and headers every time. */
async function expectCopies(requests: readonly Pick[], copies: number): Promise<void> {
  const found = () => requests.map(({ requestId }) => stage.copiesOf(requestId));
  await stage.until(() => found().every((each) => each.length >= copies), `${copies} copies of each outcome`);
  for (const [first, ...others] of found()) {
    expect(others).toHaveLength(copies - 1);
    for (const { key, value, headers } of others)
      expect([key, String(value), headers]).toEqual([first?.key, String(first?.value), first?.headers]);
  }
}

describe('the same id at midnight', () => {
  it('scenario 8: two instances meet it on two days: one call, one outcome, one row of the history', async () => {
    const [slow, quick] = [await picksIn(40, 'slow-'), await picksIn(40, 'quick-')];
    const rush = await picksIn(40, 'rush-');
    await stage.twin.addFaults({ fault: { kind: 'slow', latencyMs: 4000 }, roomId: String(slow[0]?.roomId) });
    // Back to the last midnight, for yesterday and today have their partitions on any day.
    const midnight = new Date().setUTCHours(0, 0, 0, 0);
    const beside = midnight - Date.now() - 5000;
    await setDatabaseClock(stage, beside);
    await untilNoticed(stage, beside);
    const now = (): number => Date.now() + beside;

    // Before midnight: half of them to each instance. Some are answered, of others the calls are out when the day ends.
    await Promise.all([send(0, ...half(quick, 0)), send(1, ...half(quick, 1))]);
    await stage.outcomesOf(quick);
    await stage.until(() => now() > midnight - 2500, 'midnight is near');
    await Promise.all([send(0, ...half(slow, 0)), send(1, ...half(slow, 1))]);
    await stage.until(async () => (await callsFor(slow)).length === slow.length, 'the slow calls are out');
    expect(now()).toBeLessThan(midnight);
    // Around midnight: to both at once, spread over the last and the first half second.
    for (const [at, request] of rush.entries()) {
      await stage.until(() => now() > midnight + (at - rush.length / 2) * 25, 'the next one is due');
      await Promise.all([send(0, request), send(1, request)]);
    }
    expect(now()).toBeGreaterThan(midnight);
    expect(await stage.sql("select 1 from seat_requests where state = 'claimed'")).not.toEqual([]);
    // After midnight: to the other instance.
    await Promise.all([
      send(1, ...half(slow, 0), ...half(quick, 0)),
      send(0, ...half(slow, 1), ...half(quick, 1)),
    ]);

    const all = [...slow, ...quick, ...rush];
    const outcomes = await stage.outcomesOf(all);
    expect(outcomes.filter(({ status }) => status !== 'done')).toEqual([]);
    await expectCopies(all, 2);
    expect(await callsFor(all)).toEqual(membersOf(all));
    expect(stage.deadLetters).toEqual([]);

    const rows = await stage.sql<{ request_id: string; day: string; late: boolean }>(
      `select request_id, to_char(received_at at time zone 'UTC', 'YYYYMMDD') as day, settled_at >= $1 as late
         from request_history order by 1`,
      [new Date(midnight)],
    );
    expect(rows.map(({ request_id }) => request_id)).toEqual(all.map(({ requestId }) => requestId).sort());
    const daysOf = (requests: readonly Pick[]): string[] => {
      const ids = new Set(requests.map(({ requestId }) => requestId));
      return [...new Set(rows.filter(({ request_id }) => ids.has(request_id)).map(({ day }) => day))].sort();
    };
    const [yesterday, today] = [dayOf(midnight - 1), dayOf(midnight)];
    expect([daysOf(slow), daysOf(quick), daysOf(rush)]).toEqual([
      [yesterday],
      [yesterday],
      [yesterday, today],
    ]);
    expect(rows.filter(({ late }) => late).length).toBeGreaterThanOrEqual(slow.length);
    const callers = await stage.sql('select 1 from attempts where sent_at < $1 group by instance_id', [
      new Date(midnight),
    ]);
    expect(callers).toHaveLength(2);
  }, 60_000);
});

describe('the same id with other content in another partition', () => {
  it('scenario 8: one of the two is carried out, the other one is a dead letter and has no outcome', async () => {
    const requests = await picksIn(40);
    const others = requests.map((request) => ({ ...request, index: request.index + 50 }));
    const letters = stage.deadLetters.length;
    await Promise.all([send(0, ...requests), send(1, ...others)]);
    const outcomes = await stage.outcomesOf(requests);
    await stage.until(() => stage.deadLetters.length >= letters + 40, 'a dead letter for each id');

    const buried = stage.deadLetters.slice(letters).map(({ headers, value }) => {
      expect(headers['dl_reason']).toBe('request-id-reused');
      return JSON.parse(String(value)) as Pick;
    });
    const taken = outcomes.map(({ requestId, ...rest }) => ({ requestId, index: Number(rest['index']) }));
    const told = [...taken, ...buried].map(({ requestId, index }) => `${requestId} ${index}`).sort();
    const asked = [...requests, ...others].map(({ requestId, index }) => `${requestId} ${index}`).sort();
    expect(told).toEqual(asked);

    expect(outcomes.filter(({ status }) => status !== 'done')).toEqual([]);
    await expectCopies(requests, 1);
    expect(await callsFor(requests)).toEqual(membersOf(requests));
    const { seats } = await stage.twin.room(String(requests[0]?.roomId));
    expect(seatedIn(seats)).toEqual(outcomes.map(seatOf).sort());
  }, 60_000);
});

describe('the same id with the same content, written otherwise', () => {
  it('scenario 8: is the same request: one call, and the same outcome for each message', async () => {
    const requests = await picksIn(40);
    const letters = stage.deadLetters.length;
    const otherwise = requests.map(({ roomId, requestId, type, memberAccount, index }) => ({
      roomId,
      value: ` {"index" : ${index}.0, "unknown": [1], "member\\u0041ccount":"${memberAccount}",\n"priority":"high",
        "type":"${type}", "roomId":"${roomId}", "policy": null, "requestId":"${requestId}"}`,
    }));
    await Promise.all([
      send(0, ...requests),
      cluster.send(otherwise.map(({ roomId, value }) => ({ partition: 1, key: roomId, value }))),
    ]);
    const outcomes = await stage.outcomesOf(requests);
    expect(outcomes.filter(({ status }) => status !== 'done')).toEqual([]);
    await expectCopies(requests, 2);
    expect(await callsFor(requests)).toEqual(membersOf(requests));
    expect(stage.deadLetters.slice(letters)).toEqual([]);
  }, 60_000);
});

const half = (requests: readonly Pick[], which: 0 | 1): Pick[] =>
  requests.filter((_, at) => at % 2 === which);

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10).replaceAll('-', '');

const seatOf = (outcome: WireOutcome): string =>
  `${String(outcome['memberAccount'])} on ${String(outcome['index'])}`;

function seatedIn(
  seats: readonly { readonly index: number; readonly memberAccount: string | null }[],
): string[] {
  return seats
    .filter(({ memberAccount }) => memberAccount !== null)
    .map(({ index, memberAccount }) => `${memberAccount} on ${index}`)
    .sort();
}
