import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { createTopics, kafkaClient } from '../chaos/parts/topics.js';
import { startKafka } from '../parts/kafka.js';
import { migrate } from '../parts/migrate.js';
import { startPostgres } from '../parts/postgres.js';
import { startTwinProcess } from '../parts/twin-process.js';
import { startUsher } from '../parts/usher.js';
import { endEverything } from '../parts/watched.js';
import { twinAdminIdentifier, twinSdkAppId, twinSecretKey } from '../twin/credentials.js';
import { SlidingSecond } from '../twin/sliding-second.js';

/*
 * How much of the limit is used under backlog, by one instance and by four: picks that only Tencent can decide, more than
 * the limit allows, as the twin counts them. What is lost: slots that nobody used (the process came too late) and slots that
 * were never given. Usage: npm run bench [seconds of backlog, default 20]
 */
const seconds = Number(process.argv[2] ?? 20);
const limit = 200;
/** The budget gives (1 s + 25 ms) / 200 + 1 µs between two slots: no more can be reached. */
const ceiling = 1 / (1.025 + limit * 1e-6);
/** Until every instance has its queue, and after the first queue is empty, there is no backlog. */
const warmUpMs = 3_000;
const coolDownMs = 1_500;

interface Measured {
  readonly used: number;
  readonly missed: number;
  readonly worstSecond: number;
  readonly twinStallMs: number;
}

async function measure(instances: number): Promise<Measured> {
  const [postgres, kafka, twin] = await Promise.all([startPostgres(), startKafka({}), startTwinProcess({})]);
  await migrate(postgres.url);
  const client = kafkaClient(kafka.brokers);
  const topics = await createTopics(client, `bench-${instances}`);
  const settings = {
    DATABASE_URL: postgres.url,
    KAFKA_BROKERS: kafka.brokers,
    KAFKA_GROUP_ID: topics.group,
    KAFKA_TOPIC_REQUESTS: topics.requests,
    KAFKA_TOPIC_OUTCOMES: topics.outcomes,
    KAFKA_TOPIC_DEAD_LETTERS: topics.deadLetters,
    TENCENT_BASE_URL: twin.url,
    TENCENT_SDK_APP_ID: String(twinSdkAppId),
    TENCENT_ADMIN_IDENTIFIER: twinAdminIdentifier,
    TENCENT_SECRET_KEY: twinSecretKey,
    REQUEST_TTL_MS: '300000',
    LOG_LEVEL: 'warn',
  };
  const ushers = await Promise.all(Array.from({ length: instances }, () => startUsher(settings)));
  await wait(5_000);

  const rooms = Array.from({ length: 400 }, (_, at) => `room-${at}`);
  const perRoom = Math.ceil((seconds * limit) / rooms.length);
  const members = Array.from({ length: perRoom }, (_, at) => `member-${at}`);
  await twin.control.createRooms(rooms.map((roomId) => ({ roomId, seats: perRoom, members })));
  const producer = client.producer();
  await producer.connect();
  const messages = members.flatMap((memberAccount, index) =>
    rooms.map((roomId) => {
      const request = { requestId: `${roomId}-${index}`, type: 'pick', roomId, memberAccount, index };
      return { key: roomId, value: JSON.stringify(request) };
    }),
  );
  await producer.send({ topic: topics.requests, messages });
  await producer.disconnect();

  const giveUp = performance.now() + seconds * 5_000;
  while ((await twin.control.stats()).overall.calls < messages.length) {
    if (performance.now() > giveUp) throw new Error(`not all of ${messages.length} calls came`);
    await wait(2_000);
  }
  const result = await read(twin, postgres.url);
  await Promise.all(ushers.map((usher) => usher.stop()));
  await Promise.all([postgres.stop(), kafka.stop(), twin.child.stop()]);
  return result;
}

async function read(
  twin: Awaited<ReturnType<typeof startTwinProcess>>,
  databaseUrl: string,
): Promise<Measured> {
  const calls = (await twin.control.calls()).filter(({ command }) => command?.endsWith('pick_user_on_seat'));
  const first = calls[0]?.arrivedMicros ?? 0;
  const last = calls.at(-1)?.arrivedMicros ?? 0;
  const [from, to] = [first + warmUpMs * 1000, last - coolDownMs * 1000];
  const steady = calls.filter(({ arrivedMicros }) => arrivedMicros >= from && arrivedMicros <= to);
  const second = new SlidingSecond();
  const worstSecond = Math.max(...calls.map(({ arrivedMicros }) => second.add(arrivedMicros)));
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ share: number }>(
    "SELECT avg((class = 'unsent')::int)::float8 AS share FROM attempts WHERE command = 'pick_user_on_seat'",
  );
  await client.end();
  const { eventLoop } = await twin.control.stats();
  return {
    used: ((steady.length - 1) * 1_000_000) / ((steady.at(-1)?.arrivedMicros ?? 0) - from) / limit,
    missed: rows[0]?.share ?? 0,
    worstSecond,
    twinStallMs: eventLoop.worstStallMs,
  };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`.padStart(8);
console.log(`limit ${limit} a second; the budget's spacing allows ${percent(ceiling).trim()} of it\n`);
console.log('instances | used of the limit | slots missed | worst sliding second | worst stall of the twin');
for (const instances of [1, 4]) {
  const { used, missed, worstSecond, twinStallMs } = await measure(instances);
  console.log(
    `${String(instances).padStart(9)} | ${percent(used).padStart(17)} | ${percent(missed).padStart(12)} | ${String(worstSecond).padStart(20)} | ${twinStallMs.toFixed(0).padStart(20)} ms`,
  );
}
await endEverything();
process.exit(0);
