import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { startChild } from './child.js';
import { startEmbeddedKafka } from './embedded-kafka.js';
import type { Door, EmbeddedKafka } from './embedded-kafka.js';
import { findJava, findProgram } from './java.js';
import { isAnswering } from './kafka-answers.js';
import { fetchKafkaJars, jarsFolder } from './kafka-jars.js';
import { howToGetKafka } from './kafka-missing.js';
import { until } from './until.js';

/** A broker, from wherever one can be had. */
export interface Kafka {
  /** Comma-separated host:port. */
  readonly brokers: string;
  /** `given`: somebody else's, by KAFKA_BROKERS. `mock`: in memory, good for trying, no evidence of anything. */
  readonly kind: 'given' | 'embedded' | 'docker' | 'mock';
  /** To crash and restart it; null where it is not ours. */
  readonly embedded: EmbeddedKafka | null;
  /** Ends it and removes its data; leaves a given broker alone. */
  stop(): Promise<void>;
}

export interface KafkaOptions {
  /** Takes librdkafka's in-memory broker where nothing real can be had; default false. */
  readonly allowMock?: boolean;
  /** KAFKA_BROKERS, PATH, JAVA_HOME, XDG_CACHE_HOME are read from it; default: this process's. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Further doors of an embedded broker; a broker that is not ours has none. */
  readonly doors?: readonly Door[];
  /** Told what takes long. */
  readonly say?: (progress: string) => void;
}

const fromCompose = '127.0.0.1:9092';

/**
 * Gets a broker: KAFKA_BROKERS if given; else Java 17 or newer with Maven (jars fetched once); else a Docker engine;
 * else, if allowed, `kcat`'s mock. With none of them the error says what to install.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<Kafka> {
  const { environment = process.env, say = () => undefined } = options;
  const given = givenBrokers(environment);
  if (given !== null) return givenKafka(given);
  const embeddable = await findEmbeddable(environment, say);
  if (embeddable !== null) {
    const embedded = await startEmbeddedKafka(embeddable.java, embeddable.jars, options.doors);
    return { brokers: embedded.brokers, kind: 'embedded', embedded, stop: () => embedded.stop() };
  }
  const docker = findProgram('docker', environment);
  if (docker !== null && (await hasEngine(docker))) return dockerKafka(docker, say);
  const kcat = findProgram('kcat', environment);
  if (options.allowMock === true && kcat !== null) return mockKafka(kcat);
  throw new Error(howToGetKafka(process.platform));
}

/** Fetches now what `startKafka` would have to fetch, so that no test's time limit pays for it. */
export async function prepareKafka(say: (progress: string) => void): Promise<void> {
  if (givenBrokers(process.env) === null) await findEmbeddable(process.env, say);
}

function givenBrokers(environment: NodeJS.ProcessEnv): string | null {
  const given = environment['KAFKA_BROKERS'] ?? '';
  return given === '' ? null : given;
}

/** Java and a broker's jars, fetched where they are missing; null where there is no Java, or neither jars nor Maven. */
async function findEmbeddable(
  environment: NodeJS.ProcessEnv,
  say: (progress: string) => void,
): Promise<{ readonly java: string; readonly jars: string } | null> {
  const java = await findJava(environment);
  if (java === null) return null;
  const jars = jarsFolder(environment);
  if (existsSync(jars)) return { java, jars };
  const maven = findProgram('mvn', environment);
  if (maven === null) return null;
  await fetchKafkaJars(maven, jars, say);
  return { java, jars };
}

async function givenKafka(brokers: string): Promise<Kafka> {
  if (!(await isAnswering(brokers))) {
    throw new Error(
      `KAFKA_BROKERS=${brokers} does not answer. Start that broker, or unset the variable to get an embedded one.`,
    );
  }
  return { brokers, kind: 'given', embedded: null, stop: () => Promise.resolve() };
}

async function hasEngine(docker: string): Promise<boolean> {
  try {
    await promisify(execFile)(docker, ['info'], { timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

async function dockerKafka(docker: string, say: (progress: string) => void): Promise<Kafka> {
  say('starting Kafka with docker compose');
  // In the foreground: it stops its container when it is told to stop, however we end.
  const compose = await startChild(docker, ['compose', 'up', 'kafka'], {
    stopSignal: 'SIGINT',
    politeMs: 30_000,
  });
  await untilAnswering(fromCompose, 180_000, () => compose.lastLines());
  return {
    brokers: fromCompose,
    kind: 'docker',
    embedded: null,
    stop: async () => {
      await compose.stop(30_000);
    },
  };
}

async function mockKafka(program: string): Promise<Kafka> {
  const address = /(127\.0\.0\.1:\d+)\//;
  let brokers: string | null = null;
  const onLine = (line: string): void => {
    brokers ??= address.exec(line)?.[1] ?? null;
  };
  const mock = ['-b', 'x', '-X', 'test.mock.num.brokers=1', '-C', '-t', 'x', '-d', 'broker'];
  const kcat = await startChild(program, mock, { onLine });
  const found = await until(
    () => Promise.resolve(brokers),
    10_000,
    () => `kcat's mock broker did not start:\n${kcat.lastLines()}`,
  );
  await untilAnswering(found, 10_000, () => kcat.lastLines());
  return {
    brokers: found,
    kind: 'mock',
    embedded: null,
    stop: async () => {
      await kcat.stop();
    },
  };
}

async function untilAnswering(brokers: string, withinMs: number, said: () => string): Promise<void> {
  const asked = async (): Promise<true | null> => ((await isAnswering(brokers)) ? true : null);
  await until(asked, withinMs, () => `Kafka does not answer on ${brokers}:\n${said()}`);
}
