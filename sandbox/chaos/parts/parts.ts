import { randomBytes } from 'node:crypto';
import type { Kafka as Client } from 'kafkajs';
import { patchKafkajs } from '../../../src/kafka/kafkajs.patch.js';
import { applyMigrations } from '../../../src/postgres/migrations.js';
import { freePort } from '../../parts/free-port.js';
import { startKafka } from '../../parts/kafka.js';
import type { Kafka } from '../../parts/kafka.js';
import { startPostgres } from '../../parts/postgres.js';
import type { Postgres } from '../../parts/postgres.js';
import { startTcpProxy } from '../../parts/tcp-proxy.js';
import type { TcpProxy } from '../../parts/tcp-proxy.js';
import { startTwinProcess } from '../../parts/twin-process.js';
import type { TwinProcess } from '../../parts/twin-process.js';
import { twinSecretKey } from '../../twin/credentials.js';
import type { Rules } from '../history.js';
import { Instance } from './instance.js';
import type { Wires } from './instance.js';
import { LogWatch } from './log-watch.js';
import { settingsOf } from './settings.js';
import { createTopics, kafkaClient } from './topics.js';
import type { Topics } from './topics.js';
import { placeWitness, witnessSettings } from './witness.js';

/** Everything that runs besides the campaign's own process. */
export interface Parts {
  readonly postgres: Postgres;
  readonly kafka: Kafka;
  readonly client: Client;
  readonly topics: Topics;
  readonly twin: TwinProcess;
  readonly instances: readonly Instance[];
  readonly watch: LogWatch;
  /** What must be found nowhere. */
  readonly secrets: readonly string[];
}

/** More than half an hour makes: about 350,000 calls, and three effects for each. */
const kept = 2_000_000;

export interface PartsOptions {
  readonly instances: number;
  readonly seed: number;
  readonly dist: string | null;
  readonly rules: Rules;
  readonly note: (what: string) => void;
}

/** Starts all parts; the instances are not started yet. */
export async function startParts(options: PartsOptions): Promise<Parts> {
  // Without it every connection costs a few percent of a core even while nothing happens.
  patchKafkajs();
  const doors = await Promise.all(Array.from({ length: options.instances }, kafkaDoor));
  const [postgres, kafka, twin] = await Promise.all([
    startWatchedPostgres(),
    startKafka({ doors: doors.map(({ door }) => door) }),
    startTwinProcess({
      seed: options.seed,
      limitPerSecond: options.rules.limitPerSecond,
      keptCalls: kept,
      keptEffects: kept,
    }),
  ]);
  const client = kafkaClient(kafka.brokers);
  const topics = await createTopics(client, `chaos-${randomBytes(4).toString('hex')}`);
  const secrets = [twinSecretKey, new URL(postgres.url).password];
  const watch = new LogWatch(secrets);
  const instances = await Promise.all(
    doors.map(async ({ wire }, at) => {
      const own = kafka.embedded === null ? null : wire;
      const wires = await wiresTo(postgres, twin, own);
      const settings = settingsOf({ postgres, kafka, topics, twin, wires, rules: options.rules });
      return new Instance({
        number: at + 1,
        wires,
        settings,
        dist: options.dist,
        watch,
        note: options.note,
      });
    }),
  );
  return { postgres, kafka, client, topics, twin, instances, watch, secrets };
}

/** The proxy stands before the broker does: the broker must know where to send whoever comes in by this door. */
async function kafkaDoor(): Promise<{ door: { port: number; advertisedPort: number }; wire: TcpProxy }> {
  const port = await freePort();
  const wire = await startTcpProxy({ host: '127.0.0.1', port });
  return { door: { port, advertisedPort: wire.port }, wire };
}

async function wiresTo(postgres: Postgres, twin: TwinProcess, kafka: TcpProxy | null): Promise<Wires> {
  const to = (port: number): Promise<TcpProxy> => startTcpProxy({ host: '127.0.0.1', port });
  return {
    postgres: await to(postgres.port),
    twin: await to(Number(new URL(twin.url).port)),
    kafka,
  };
}

async function startWatchedPostgres(): Promise<Postgres> {
  const postgres = await startPostgres({ settings: witnessSettings });
  await applyMigrations(postgres.url);
  await placeWitness(postgres.url);
  return postgres;
}

/** Ends the parts in order. What is left behind on a broker that is not ours are the topics, which have a name of their own. */
export async function stopParts({ instances, postgres, kafka, twin }: Parts): Promise<void> {
  await Promise.all(instances.map((instance) => instance.close()));
  await Promise.all([postgres.stop(), kafka.stop(), twin.child.stop()]);
}
