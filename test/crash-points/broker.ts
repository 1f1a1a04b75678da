import { AssignerProtocol, Kafka, logLevel } from 'kafkajs';
import type { Admin, Producer } from 'kafkajs';
import { eventually } from '../support/eventually.js';

/** What the broker knows of the instances' group and their request topic. */
export class Broker {
  private constructor(
    private readonly admin: Admin,
    private readonly producer: Producer,
    private readonly groupId: string,
    private readonly topic: string,
  ) {}

  static async reach(settings: Readonly<Record<string, string>>): Promise<Broker> {
    const { KAFKA_BROKERS = '', KAFKA_GROUP_ID = '', KAFKA_TOPIC_REQUESTS = '' } = settings;
    const kafka = new Kafka({ brokers: [KAFKA_BROKERS], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    const producer = kafka.producer();
    await Promise.all([admin.connect(), producer.connect()]);
    return new Broker(admin, producer, KAFKA_GROUP_ID, KAFKA_TOPIC_REQUESTS);
  }

  /** Waits until the group is stable and each of these clients owns one partition: which. */
  async whenEachOwnsOne(clientIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const owned = new Map<string, number>();
    const stands = async (): Promise<boolean> => {
      const { groups } = await this.admin.describeGroups([this.groupId]);
      owned.clear();
      for (const { clientId, memberAssignment } of groups[0]?.members ?? []) {
        const decoded = AssignerProtocol.MemberAssignment.decode(memberAssignment);
        const [partition, ...others] = decoded?.assignment[this.topic] ?? [];
        if (partition !== undefined && others.length === 0) owned.set(clientId, partition);
      }
      return groups[0]?.state === 'Stable' && clientIds.every((clientId) => owned.has(clientId));
    };
    await eventually(stands, { within: 120_000, what: 'each instance owns a partition' });
    return owned;
  }

  /** Committed offset by partition; -1 where none is. */
  async committed(): Promise<ReadonlyMap<number, number>> {
    const [topic] = await this.admin.fetchOffsets({ groupId: this.groupId, topics: [this.topic] });
    return new Map(topic?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  }

  /** Whether everything that lies in the topic is committed. */
  async isAllCommitted(): Promise<boolean> {
    const [committed, ends] = await Promise.all([this.committed(), this.admin.fetchTopicOffsets(this.topic)]);
    return ends.every(({ partition, high }) => Number(high) === Math.max(0, committed.get(partition) ?? 0));
  }

  /** How many messages lie in a topic. */
  async countOf(topic: string): Promise<number> {
    const partitions = await this.admin.fetchTopicOffsets(topic);
    return partitions.reduce((sum, { high }) => sum + Number(high), 0);
  }

  /** Sends requests to another topic. */
  async send(topic: string, requests: readonly (object & { readonly roomId: string })[]): Promise<void> {
    const messages = requests.map((request) => ({ key: request.roomId, value: JSON.stringify(request) }));
    await this.producer.send({ topic, acks: -1, messages });
  }

  async close(): Promise<void> {
    await Promise.all([this.admin.disconnect(), this.producer.disconnect()]);
  }
}
