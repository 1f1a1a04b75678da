import kafkajs from 'kafkajs';
import type { Kafka as Client } from 'kafkajs';
import { makeTopics } from '../../parts/kafka-topics.js';

/** The topics of one campaign, and its consumer group. */
export interface Topics {
  readonly requests: string;
  readonly outcomes: string;
  readonly deadLetters: string;
  readonly group: string;
}

/** As the service makes them. */
const partitions = 12;

/** A client of the campaign's own: it goes to the broker directly, and says nothing when that is away. */
export function kafkaClient(brokers: string): Client {
  return new kafkajs.Kafka({
    brokers: brokers.split(','),
    clientId: 'usher-chaos',
    logLevel: kafkajs.logLevel.NOTHING,
  });
}

/** Makes the topics, all with the broker's append times, so that their times and the twin's are of one clock. */
export async function createTopics(client: Client, name: string): Promise<Topics> {
  const topics = {
    requests: `${name}.requests`,
    outcomes: `${name}.outcomes`,
    deadLetters: `${name}.dead-letters`,
  };
  const admin = client.admin();
  await admin.connect();
  await makeTopics(
    admin,
    Object.values(topics).map((topic) => ({
      topic,
      numPartitions: partitions,
      replicationFactor: -1,
      configEntries: [{ name: 'message.timestamp.type', value: 'LogAppendTime' }],
    })),
  );
  await admin.disconnect();
  return { ...topics, group: name };
}
