import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild } from './child.js';
import type { Child } from './child.js';
import { freePort } from './free-port.js';
import { isAnswering } from './kafka-answers.js';
import { removeFolder, temporaryFolder } from './temp-folder.js';
import { until } from './until.js';

/** One real broker on 127.0.0.1, in a temporary folder. */
export interface EmbeddedKafka {
  /** host:port, the same after every restart. */
  readonly brokers: string;
  /** Changes with every start. */
  readonly pid: number;
  /** `kill -9`; `start` brings it back on the same data and port. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

// Small and quick to start: a sandbox's broker lives for minutes.
const jvm = ['-Xms128m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** A further door of the broker, advertised under another port: a TCP proxy stands there. */
export interface Door {
  readonly port: number;
  readonly advertisedPort: number;
}

/**
 * Formats and starts a broker (KRaft, broker and controller in one) from the given jars: about five seconds. Whoever comes
 * in by one of the `doors` is always sent to that door's advertised port.
 */
export async function startEmbeddedKafka(
  java: string,
  jars: string,
  doors: readonly Door[] = [],
): Promise<EmbeddedKafka> {
  const folder = await temporaryFolder('kafka');
  const port = await freePort();
  const properties = join(folder, 'server.properties');
  const logging = join(folder, 'log4j2.properties');
  await writeFile(properties, serverProperties(folder, port, await freePort(), doors));
  await writeFile(
    logging,
    'rootLogger.level=warn\nrootLogger.appenderRef.out.ref=out\nappender.out.type=Console\nappender.out.name=out\n',
  );
  const base = [...jvm, `-Dlog4j2.configurationFile=${logging}`, '-cp', join(jars, '*')];
  const brokers = `127.0.0.1:${port}`;

  await format(java, [...base, 'kafka.tools.StorageTool', 'format', '--standalone', '--config', properties]);
  const launch = async (): Promise<Child> => {
    // Its data is thrown away: no need to wait for a controlled shutdown.
    const child = await startChild(java, [...base, 'kafka.Kafka', properties], { stopSignal: 'SIGKILL' });
    await until(
      async () => {
        if (!child.isRunning()) throw new Error(`Kafka ended while starting:\n${child.lastLines()}`);
        return (await isAnswering(brokers)) ? true : null;
      },
      60_000,
      () => `Kafka does not answer on ${brokers}:\n${child.lastLines()}`,
    );
    return child;
  };
  let child = await launch();
  return {
    brokers,
    get pid() {
      return child.pid;
    },
    crash: async () => {
      child.signal('SIGKILL');
      await child.exited;
    },
    start: async () => {
      child = await launch();
    },
    stop: async () => {
      await child.stop();
      await removeFolder(folder);
    },
  };
}

async function format(java: string, args: readonly string[]): Promise<void> {
  const clusterId = randomBytes(16).toString('base64url');
  // With `=`: one id in 64 begins with a dash.
  const tool = await startChild(java, [...args, `--cluster-id=${clusterId}`]);
  const { code } = await tool.exited;
  if (code !== 0) throw new Error(`Kafka's storage could not be formatted:\n${tool.lastLines()}`);
}

function serverProperties(
  folder: string,
  port: number,
  controllerPort: number,
  doors: readonly Door[],
): string {
  const listeners = [
    { name: 'BROKER', port, advertisedPort: port },
    { name: 'CONTROLLER', port: controllerPort, advertisedPort: controllerPort },
    ...doors.map((door, at) => ({ name: `DOOR${at}`, ...door })),
  ];
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    listeners: listeners.map((each) => `${each.name}://127.0.0.1:${each.port}`).join(),
    'advertised.listeners': listeners.map((each) => `${each.name}://127.0.0.1:${each.advertisedPort}`).join(),
    'listener.security.protocol.map': listeners.map(({ name }) => `${name}:PLAINTEXT`).join(),
    'inter.broker.listener.name': 'BROKER',
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
    'log.dirs': join(folder, 'data'),
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    // After a crash the broker is let in again once its old session has ended: 9 s by default.
    'broker.session.timeout.ms': 3000,
    'broker.heartbeat.interval.ms': 500,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
