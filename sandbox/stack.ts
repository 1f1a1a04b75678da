import { startKafka } from './parts/kafka.js';
import { migrate } from './parts/migrate.js';
import { endOnSignal } from './parts/on-signal.js';
import { startPostgres } from './parts/postgres.js';
import { endEverything } from './parts/watched.js';
import { twinAdminIdentifier, twinSdkAppId, twinSecretKey } from './twin/credentials.js';
import { startTwin } from './twin/server.js';

/** Standard output carries the environment lines alone, so that a program can read them. */
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function startStack(): Promise<Record<string, string | number>> {
  say('starting Postgres, Kafka and the twin of Tencent …');
  const [postgres, kafka, twin] = await Promise.all([
    startMigratedPostgres(),
    startKafka({ say }),
    startTwin({}),
  ]);
  return {
    DATABASE_URL: postgres.url,
    KAFKA_BROKERS: kafka.brokers,
    TENCENT_BASE_URL: twin.url,
    TENCENT_SDK_APP_ID: twinSdkAppId,
    TENCENT_ADMIN_IDENTIFIER: twinAdminIdentifier,
    TENCENT_SECRET_KEY: twinSecretKey,
  };
}

async function startMigratedPostgres(): Promise<{ readonly url: string }> {
  const postgres = await startPostgres();
  await migrate(postgres.url);
  return postgres;
}

let isUp = false;
// Ctrl-C is how a stack that is up is meant to end: no failure then.
endOnSignal((shellsCode) => (isUp ? 0 : shellsCode));
try {
  const environment = await startStack();
  for (const [name, value] of Object.entries(environment)) process.stdout.write(`${name}=${value}\n`);
  isUp = true;
  say('up; Ctrl-C stops everything');
} catch (error) {
  await endEverything();
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
