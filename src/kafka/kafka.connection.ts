import { Injectable } from '@nestjs/common';
import kafkajs from 'kafkajs';
import type { Admin, Consumer, Kafka, KafkaConfig, LogEntry, Producer, SASLOptions } from 'kafkajs';
import { AppSettings } from '../config/app-settings.js';
import { Log } from '../telemetry/log.js';
import { registerCodecs } from './codecs.js';
import { patchKafkajs } from './kafkajs.patch.js';
import { partitionOf } from './murmur2.js';
import { countPartitions, prepareTopics } from './topics.js';

/** Makes clients of the configured cluster. Each is its own: clients of one `Kafka` share committed offsets. */
@Injectable()
export class KafkaConnection {
  constructor(
    private readonly settings: AppSettings,
    private readonly log: Log,
  ) {
    registerCodecs();
    if (!patchKafkajs()) {
      log.warn(
        {},
        'kafkajs is not version 2.2.4: its idle CPU spin is left as it is; check src/kafka/kafkajs.patch.ts',
      );
    }
  }

  /**
   * A member of the group. One short batch handler a fetch, so `heartbeatInterval` is kept; small fetches, because what
   * does not fit the bounds is fetched again; never restarted by kafkajs itself, which would do it for ever and quietly.
   */
  consumer(): Consumer {
    const { groupId, sessionTimeoutMs } = this.settings.kafka;
    return this.client().consumer({
      groupId,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: sessionTimeoutMs,
      heartbeatInterval: Math.floor(sessionTimeoutMs / 5),
      maxWaitTimeInMs: 500,
      maxBytesPerPartition: 262_144,
      allowAutoTopicCreation: true,
      retry: { retries: 5, restartOnFailure: () => Promise.resolve(false) },
    });
  }

  /**
   * Not idempotent: in kafkajs that loses messages. No retries of its own either: after a partial success they skip the
   * partitions that moved to a broker which answered before. Whoever sends repeats whole batches instead.
   */
  producer(): Producer {
    return this.client().producer({
      idempotent: false,
      retry: { retries: 0 },
      createPartitioner:
        () =>
        ({ partitionMetadata, message }) =>
          partitionOf(Buffer.from(message.key ?? ''), partitionMetadata.length),
    });
  }

  /** The topic that requests come from. */
  get requestTopic(): string {
    return this.settings.kafka.topics.requests;
  }

  /** Creates missing topics and checks the request topic; see `prepareTopics`. */
  prepareTopics(): Promise<void> {
    return this.withAdmin((admin) => prepareTopics(admin, this.settings, this.log));
  }

  /** Partitions of the request topic. */
  countPartitions(): Promise<number> {
    return this.withAdmin((admin) => countPartitions(admin, this.requestTopic));
  }

  private async withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.client().admin();
    try {
      await admin.connect();
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }

  private client(): Kafka {
    const { brokers, clientId, ssl, sasl } = this.settings.kafka;
    const config: KafkaConfig = {
      brokers: [...brokers],
      clientId,
      connectionTimeout: 3_000,
      // INFO and below would build an object for every pause and every fetch.
      logLevel: kafkajs.logLevel.WARN,
      logCreator: () => (entry) => {
        this.tell(entry);
      },
    };
    if (ssl !== null) {
      config.ssl = Object.fromEntries(Object.entries(ssl).filter(([, pem]) => pem !== null));
    }
    if (sasl !== null) config.sasl = sasl as SASLOptions;
    return new kafkajs.Kafka(config);
  }

  /** What kafkajs calls an error it mostly mends itself; what it cannot mend ends the consumer or a send, and is told there. */
  private tell({ level, namespace, log }: LogEntry): void {
    const { message, error } = log as { message: string; error?: unknown };
    const fields = {
      client: 'kafkajs',
      part: namespace,
      error: typeof error === 'string' ? error : undefined,
    };
    if (level === kafkajs.logLevel.ERROR) this.log.info(fields, message);
    else this.log.debug(fields, message);
  }
}
