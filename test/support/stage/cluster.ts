import { Kafka, Partitioners, logLevel } from 'kafkajs';
import type { Admin, CompressionTypes, Message, Producer } from 'kafkajs';
import type { Stage } from './stage.js';

/** The stage's Kafka as its operators and its less usual producers see it: partitions of one's own choice, codecs, offsets. */
export class Cluster {
  private constructor(
    private readonly topic: string,
    private readonly groupId: string,
    private readonly admin: Admin,
    private readonly producer: Producer,
  ) {}

  static async of({ settings }: Stage): Promise<Cluster> {
    const { KAFKA_BROKERS = '', KAFKA_TOPIC_REQUESTS = '', KAFKA_GROUP_ID = '' } = settings;
    const client = new Kafka({ brokers: [KAFKA_BROKERS], logLevel: logLevel.NOTHING });
    const admin = client.admin();
    const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await Promise.all([admin.connect(), producer.connect()]);
    return new Cluster(KAFKA_TOPIC_REQUESTS, KAFKA_GROUP_ID, admin, producer);
  }

  /** Sends to the topic of the requests, each message as it is. */
  async send(messages: Message[], compression?: CompressionTypes): Promise<void> {
    await this.producer.send({
      topic: this.topic,
      messages,
      ...(compression !== undefined && { compression }),
    });
  }

  /** Committed offsets of the service by partition; -1 where nothing is. */
  async committed(): Promise<number[]> {
    const [found] = await this.admin.fetchOffsets({ groupId: this.groupId, topics: [this.topic] });
    return inOrder(found?.partitions ?? []);
  }

  /** Where each partition of the requests ends. */
  async ends(): Promise<number[]> {
    return inOrder(await this.admin.fetchTopicOffsets(this.topic));
  }

  async close(): Promise<void> {
    await Promise.all([this.admin.disconnect(), this.producer.disconnect()]);
  }
}

function inOrder(offsets: readonly { readonly partition: number; readonly offset: string }[]): number[] {
  return [...offsets].sort((a, b) => a.partition - b.partition).map(({ offset }) => Number(offset));
}
