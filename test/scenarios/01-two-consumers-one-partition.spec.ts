import { setTimeout as wait } from 'node:timers/promises';
import { startTcpProxy } from '../../sandbox/parts/tcp-proxy.js';
import type { TcpProxy } from '../../sandbox/parts/tcp-proxy.js';
import { Stage } from '../support/stage/stage.js';
import { breachesOfP5, truthOf } from '../support/truth.js';

let stage: Stage;
let slowWire: TcpProxy;
beforeAll(async () => {
  stage = await Stage.set({
    instances: 0,
    settings: { MIRROR_MAX_AGE_WITHOUT_CALLBACKS_MS: '60000', REQUEST_TTL_MS: '120000' },
  });
  // Two consumer groups over the same topics: each instance owns every partition.
  const database = new URL(String(stage.settings['DATABASE_URL']));
  slowWire = await startTcpProxy({ host: database.hostname, port: Number(database.port) });
  const slowly = new URL(database);
  slowly.host = `127.0.0.1:${slowWire.port}`;
  await Promise.all([
    stage.enter({
      MIRROR_AUDIT_SHARE: '1',
      KAFKA_GROUP_ID: `${String(stage.settings['KAFKA_GROUP_ID'])}-sampling`,
    }),
    stage.enter({ DATABASE_URL: slowly.href }),
  ]);
}, 90_000);
afterAll(async () => {
  await stage.close();
  await slowWire.stop();
});

const roomsARound = 20;
/** How long the second owner's database holds its answers back at a time; 0: not at all. */
const rounds = [0, 10, 20, 40, 60, 80, 120, 0];

/** Holds the wire for so long, lets it flow for a few milliseconds, and so on, while the work lasts. */
async function hampered<T>(stallMs: number, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const end = work.finally(() => {
    over.abort();
  });
  while (!over.signal.aborted && stallMs > 0) {
    slowWire.stall();
    await wait(stallMs);
    slowWire.flow();
    await wait(5);
  }
  return end;
}

describe('scenario 1: two owners of one partition, one records what the mirror predicts, the other puts it to the test', () => {
  it('no request is rejected whose call took effect, whoever was faster, and each has one outcome', async () => {
    const requests: ReturnType<Stage['pick']>[] = [];
    for (const stallMs of rounds) {
      // In each room tom was seen to sit down and has left the seat since: every prediction is wrong, every call succeeds.
      const members = ['tom', 'mia'];
      const rooms = await Promise.all(Array.from({ length: roomsARound }, () => stage.room({ members })));
      await stage.ask(rooms.map((roomId) => stage.pick(roomId, 'tom', 0)));
      await Promise.all(rooms.map((roomId) => stage.twin.changeSeats(roomId, [{ index: 0, member: null }])));
      const round = rooms.map((roomId) => stage.pick(roomId, 'mia', 0));
      await hampered(stallMs, stage.ask(round));
      requests.push(...round);
    }
    const outcomes = await stage.outcomesOf(requests);
    expect(breachesOfP5(outcomes, await truthOf(stage.twin, requests))).toEqual([]);
    const winners = outcomes.map(({ status, decidedBy }) => `${status} by ${decidedBy}`);
    expect(new Set(winners)).toEqual(new Set(['done by tencent', 'rejected by mirror']));
    // Both owners publish; whatever the other one has published by then is the same to the byte.
    await stage.until(
      () => requests.every(({ requestId }) => stage.copiesOf(requestId).length >= 2),
      'both owners have published every outcome',
    );
    for (const { requestId } of requests) {
      const copies = stage
        .copiesOf(requestId)
        .map(({ value, headers }) => `${String(value)} ${JSON.stringify(headers)}`);
      expect(new Set(copies).size).toBe(1);
    }
  }, 120_000);
});
