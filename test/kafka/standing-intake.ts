import { randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';
import type { Admin, CompressionTypes, Message, Producer } from 'kafkajs';
import type { Settings } from '../../src/config/settings.js';
import { BatchIntake } from '../../src/kafka/batch.intake.js';
import { DeadLetters } from '../../src/kafka/dead-letters.js';
import { KafkaConnection } from '../../src/kafka/kafka.connection.js';
import { KafkaIntake } from '../../src/kafka/kafka.intake.js';
import { MisroutedRooms } from '../../src/kafka/misrouted.rooms.js';
import { Reception } from '../../src/kafka/reception.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { settingsWith } from '../config/environments.js';
import { eventually } from '../support/eventually.js';
import { MachineClock } from './clocks.js';
import { FakeDeadLetterRecords } from './fake-dead-letter-records.js';
import { FakeRequestIntake } from './fake-request-intake.js';
import { RecordedLog } from './recorded-log.js';

/** Settings with topics and a group that nobody else has. */
export function ownSettings(
  brokers: string,
  partitions: number,
  more: Record<string, string> = {},
): Settings {
  const own = randomUUID();
  return settingsWith({
    KAFKA_BROKERS: brokers,
    KAFKA_GROUP_ID: `group-${own}`,
    KAFKA_TOPIC_REQUESTS: `requests-${own}`,
    KAFKA_TOPIC_OUTCOMES: `outcomes-${own}`,
    KAFKA_TOPIC_DEAD_LETTERS: `dead-letters-${own}`,
    KAFKA_PARTITIONS: String(partitions),
    ...more,
  });
}

/** One instance's Kafka side on a real broker, with a fake story behind it. */
export class StandingIntake {
  readonly story = new FakeRequestIntake();
  readonly rows = new FakeDeadLetterRecords();
  readonly log = new RecordedLog();
  readonly metrics = new Metrics();
  readonly fatal: Error[] = [];
  readonly batches: BatchIntake;
  readonly intake: KafkaIntake;
  private readonly deadLetters: DeadLetters;

  constructor(readonly settings: Settings) {
    const clock = new MachineClock();
    const kafka = new KafkaConnection(settings, this.log);
    this.deadLetters = new DeadLetters(kafka, settings, this.rows, clock, this.log);
    const misrouted = new MisroutedRooms(kafka, clock, this.log, this.metrics);
    const reception = new Reception(settings, this.story, this.deadLetters, misrouted, this.metrics);
    this.batches = new BatchIntake(reception, clock, this.metrics, this.log);
    this.intake = new KafkaIntake(kafka, this.batches, clock, this.metrics, this.log);
  }

  async start(): Promise<void> {
    await this.intake.start((reason) => this.fatal.push(reason));
  }

  async joined(): Promise<void> {
    await eventually(async () => (await this.intake.ready()) === null, {
      within: 30_000,
      what: 'the group joined',
    });
  }

  /** Stops as `main` does. */
  async stop(): Promise<void> {
    this.intake.stop();
    await this.intake.finish(100);
    await this.deadLetters.stop();
  }

  /** Value of a counter or gauge as Prometheus sees it. */
  async metric(line: string): Promise<number> {
    const text = await this.metrics.exposition();
    return Number(
      text
        .split('\n')
        .find((one) => one.startsWith(`${line} `))
        ?.split(' ')[1] ?? Number.NaN,
    );
  }
}

/** The other side: what producers, consumers and operators of the same cluster see. */
export class Outside {
  private constructor(
    readonly admin: Admin,
    readonly producer: Producer,
    private readonly settings: Settings,
  ) {}

  static async connect(settings: Settings): Promise<Outside> {
    const client = new kafkajs.Kafka({
      brokers: [...settings.kafka.brokers],
      logLevel: kafkajs.logLevel.NOTHING,
    });
    const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    const admin = client.admin();
    await Promise.all([admin.connect(), producer.connect()]);
    return new Outside(admin, producer, settings);
  }

  async send(messages: Message[], compression?: CompressionTypes): Promise<void> {
    const topic = this.settings.kafka.topics.requests;
    await this.producer.send({ topic, messages, ...(compression === undefined ? {} : { compression }) });
  }

  /** Committed offsets by partition; -1 where nothing is. */
  async committed(): Promise<number[]> {
    const { groupId, topics } = this.settings.kafka;
    const [offsets] = await this.admin.fetchOffsets({ groupId, topics: [topics.requests] });
    return [...(offsets?.partitions ?? [])]
      .sort((a, b) => a.partition - b.partition)
      .map(({ offset }) => Number(offset));
  }

  /** Everything that lies in a topic, once it holds so many records. */
  async read(
    topic: string,
    count: number,
    isEnough: (seen: readonly { readonly value: string | null }[]) => boolean = () => true,
  ): Promise<{ key: string | null; value: string | null; headers: Record<string, string> }[]> {
    const client = new kafkajs.Kafka({
      brokers: [...this.settings.kafka.brokers],
      logLevel: kafkajs.logLevel.NOTHING,
    });
    const consumer = client.consumer({ groupId: `reader-${randomUUID()}`, maxWaitTimeInMs: 100 });
    const seen: { key: string | null; value: string | null; headers: Record<string, string> }[] = [];
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message: { key, value, headers } }) => {
        const texts = Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)]);
        seen.push({
          key: key?.toString() ?? null,
          value: value?.toString() ?? null,
          headers: Object.fromEntries(texts) as Record<string, string>,
        });
        return Promise.resolve();
      },
    });
    try {
      await eventually(() => seen.length >= count && isEnough(seen), {
        within: 30_000,
        what: `${count} records in ${topic}`,
      });
      return seen;
    } finally {
      await consumer.disconnect();
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.admin.disconnect(), this.producer.disconnect()]);
  }
}
