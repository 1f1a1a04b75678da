import { randomBytes } from 'node:crypto';
import { applyMigrations } from '../../src/postgres/migrations.js';
import { startKafka } from '../parts/kafka.js';
import type { Kafka } from '../parts/kafka.js';
import { startPostgres } from '../parts/postgres.js';
import { startUsher } from '../parts/usher.js';
import type { Usher } from '../parts/usher.js';
import { twinAdminIdentifier, twinSdkAppId, twinSecretKey } from '../twin/credentials.js';
import { startTwinProcess } from '../parts/twin-process.js';

/** The topics of one run. */
export interface Topics {
  readonly requests: string;
  readonly outcomes: string;
  readonly deadLetters: string;
}

/** Everything that runs besides the demo's own process. */
export interface Parts {
  readonly databaseUrl: string;
  readonly twinUrl: string;
  readonly kafka: Kafka;
  readonly topics: Topics;
  readonly usher: Usher;
  /** Rejects when a part ends on its own. */
  readonly broken: Promise<never>;
}

/** Starts all parts, as many at once as can be, and says how far it is. */
export async function startParts(say: (line: string) => void): Promise<Parts> {
  const began = performance.now();
  const told = async <T>(what: string, part: Promise<T>): Promise<T> => {
    const started = await part;
    say(`  ${what.padEnd(34)} ${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s`);
    return started;
  };
  const [databaseUrl, kafka, twin] = await Promise.all([
    told('Postgres, with the schema', startMigratedPostgres()),
    told(
      'Kafka',
      startKafka({
        allowMock: true,
        say: (line) => {
          say(`  ${line}`);
        },
      }),
    ),
    told('the twin of Tencent’s API', startTwinProcess()),
  ]);
  const topics = topicsOn(kafka);
  const usher = await told(
    'Usher, one instance',
    startUsher(environment(databaseUrl, kafka, twin.url, topics)),
  );
  const broken = Promise.race([
    usher.exited.then(() => fail('the instance of Usher', usher.log.slice(-10).join('\n'))),
    twin.child.exited.then(() => fail('the twin', twin.child.lastLines())),
  ]);
  // Whoever waits for it hears of it; before that nobody does.
  broken.catch(() => undefined);
  return { databaseUrl, twinUrl: twin.url, kafka, topics, usher, broken };
}

function fail(what: string, lastLines: string): never {
  throw new Error(`${what} ended on its own:\n${lastLines}`);
}

/** In this very process: one more of its own would cost a second, and the viewer waits. */
async function startMigratedPostgres(): Promise<string> {
  const { url } = await startPostgres();
  await applyMigrations(url);
  return url;
}

/** On a broker that outlives this run the topics have a name of their own: nobody's requests are touched. */
function topicsOn({ kind }: Kafka): Topics {
  const prefix = kind === 'given' || kind === 'docker' ? `demo-${randomBytes(4).toString('hex')}.` : '';
  return {
    requests: `${prefix}seat.requests`,
    outcomes: `${prefix}seat.outcomes`,
    deadLetters: `${prefix}seat.dead-letters`,
  };
}

function environment(
  databaseUrl: string,
  kafka: Kafka,
  twinUrl: string,
  topics: Topics,
): Readonly<Record<string, string>> {
  return {
    DATABASE_URL: databaseUrl,
    KAFKA_BROKERS: kafka.brokers,
    // Of its own, as the topics are.
    KAFKA_GROUP_ID: topics.requests,
    KAFKA_TOPIC_REQUESTS: topics.requests,
    KAFKA_TOPIC_OUTCOMES: topics.outcomes,
    KAFKA_TOPIC_DEAD_LETTERS: topics.deadLetters,
    TENCENT_BASE_URL: twinUrl,
    TENCENT_SDK_APP_ID: String(twinSdkAppId),
    TENCENT_ADMIN_IDENTIFIER: twinAdminIdentifier,
    TENCENT_SECRET_KEY: twinSecretKey,
  };
}
