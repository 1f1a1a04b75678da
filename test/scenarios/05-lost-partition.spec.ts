import { randomUUID } from 'node:crypto';
import { partitionOf } from '../../src/kafka/murmur2.js';
import type { Usher } from '../../sandbox/parts/usher.js';
import { Cluster } from '../support/stage/cluster.js';
import { metricOf } from '../support/stage/metric.js';
import { Stage } from '../support/stage/stage.js';
import { unclaimedCalls } from '../support/stage/unclaimed-calls.js';

type Pick = ReturnType<Stage['pick']>;

/** Wanted seats of a room; it has more, so that it is never full. */
const seats = 25;
const members = Array.from({ length: 100 }, (_, at) => `member-${at}`);

let stage: Stage;
let cluster: Cluster;
beforeAll(async () => {
  const settings = {
    REQUEST_TTL_MS: '120000',
    KAFKA_SESSION_TIMEOUT_MS: '6000',
    TENCENT_TIMEOUT_MS: '3500',
    // Slow enough that the new owner commits, and is killed, in the middle of it.
    TENCENT_CALLS_PER_SECOND: '60',
    MIRROR_MAX_AGE_WITHOUT_CALLBACKS_MS: '30000',
  };
  stage = await Stage.set({ instances: 1, partitions: 2, settings });
  cluster = await Cluster.of(stage);
}, 90_000);
afterAll(async () => {
  await cluster.close();
  await stage.close();
});

/** A hundred requests in each of so many rooms of the partition: four rivals a seat. Neighbours are of different rooms. */
async function rivalsIn(partition: number, count: number): Promise<Pick[]> {
  const rooms: string[] = [];
  while (rooms.length < count) {
    const roomId = `room-${randomUUID().slice(0, 8)}`;
    if (partitionOf(Buffer.from(roomId), 2) === partition) rooms.push(roomId);
  }
  await stage.twin.createRooms(rooms.map((roomId) => ({ roomId, seats: seats + 1, members })));
  return members.flatMap((member, at) => rooms.map((roomId) => stage.pick(roomId, member, at % seats)));
}

/** Keeps the budget from giving slots meanwhile, as after Tencent's "too much". */
async function whileNoSlotsAreGiven<T>(work: () => Promise<T>): Promise<T> {
  const hold = (): Promise<unknown> =>
    stage.sql("update call_budgets set paused_until = usher_now() + interval '1 second'");
  let holding = hold();
  const timer = setInterval(() => {
    holding = hold();
  }, 200);
  try {
    await holding;
    return await work();
  } finally {
    clearInterval(timer);
    await holding;
  }
}

const unsettled = (usher: Usher, partition: number): Promise<number> =>
  metricOf(usher, `usher_unsettled_requests{partition="${partition}"}`);

/** Waits until the instance has so many unsettled requests in each of the partitions. */
async function untilQueued(usher: Usher, counts: readonly (readonly [partition: number, count: number])[]) {
  await stage.until(
    async () => {
      const found = await Promise.all(counts.map(([partition]) => unsettled(usher, partition)));
      return counts.every(([, count], at) => found[at] === count);
    },
    counts.map(([partition, count]) => `${count} queued in partition ${partition}`).join(', '),
  );
}

/** A thousand requests wait in each partition when a second instance comes and takes one of them over. */
async function loseOneOfTwo(keeper: Usher) {
  const queued = [...(await rivalsIn(0, 10)), ...(await rivalsIn(1, 10))];
  await stage.send(...queued);
  await untilQueued(keeper, [
    [0, 1000],
    [1, 1000],
  ]);
  const owner = await stage.enter();
  await stage.until(
    async () => (await unsettled(owner, 0)) === 1000 || (await unsettled(owner, 1)) === 1000,
    'the new instance owns a partition, and has it queued',
  );
  const lost = (await unsettled(owner, 0)) === 1000 ? 0 : 1;
  await untilQueued(keeper, [
    [lost, 0],
    [1 - lost, 1000],
  ]);
  // What comes now is known to the new owner alone.
  const late = await rivalsIn(lost, 2);
  await stage.send(...late);
  await untilQueued(owner, [[lost, 1200]]);
  return { queued, late, owner, lost };
}

it('scenario 5: a partition with 1,000 queued requests is lost while another is kept, and the new owner is killed: nothing is lost', async () => {
  const [keeper] = stage.ushers as [Usher];
  const warm = await stage.room({ members });
  await stage.ask([stage.pick(warm, 'member-0', 0)]);
  const { queued, late, owner, lost } = await whileNoSlotsAreGiven(() => loseOneOfTwo(keeper));
  const before = Number((await cluster.committed())[lost]);
  await stage.until(
    async () => Number((await cluster.committed())[lost]) > before,
    'the new owner has committed a part of it',
  );
  await owner.kill();
  const [committed, ends] = [await cluster.committed(), await cluster.ends()];
  expect(committed[lost]).toBeLessThan(Number(ends[lost]));

  const requests = [...queued, ...late];
  const outcomes = await stage.outcomesOf(requests, 60_000);
  // Of each seat's rivals the first in topic order sits.
  const taken = new Set<string>();
  for (const [at, { roomId, index }] of requests.entries()) {
    const { status, reason } = outcomes[at] ?? {};
    const seat = `${roomId} ${index}`;
    expect([seat, status, reason]).toEqual(
      taken.has(seat) ? [seat, 'rejected', 'seat-occupied'] : [seat, 'done', null],
    );
    taken.add(seat);
  }
  for (const { requestId } of requests) {
    const copies = stage
      .copiesOf(requestId)
      .map(({ value, headers }) => JSON.stringify([String(value), headers]));
    expect(new Set(copies).size).toBe(1);
  }

  // The twin's truth: each seat was taken once, and no call was without its claim.
  const effects = (await stage.twin.effects()).filter(
    ({ kind, roomId }) => kind === 'seat-taken' && roomId !== warm,
  );
  expect(effects.map(({ roomId, index }) => `${roomId} ${index ?? ''}`).sort()).toEqual([...taken].sort());
  expect(await unclaimedCalls(stage)).toEqual([]);
  await stage.until(
    async () => String(await cluster.committed()) === String(ends),
    'the one that kept its partition has committed both to their ends',
  );
}, 120_000);
