import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';

/** A message as it lies in a topic. */
export interface ReadMessage {
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads a whole topic from its beginning, and goes on reading. */
export interface TopicReader {
  /** All messages so far, in the order of each partition. */
  readonly messages: readonly ReadMessage[];
  stop(): Promise<void>;
}

/** Begins to read; resolves once the group is joined. */
export async function readTopic(brokers: string, topic: string): Promise<TopicReader> {
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `reader-${randomUUID()}`, maxWaitTimeInMs: 100 });
  const messages: ReadMessage[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const joined = new Promise<void>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, () => {
      resolve();
    });
  });
  await consumer.run({
    eachBatch: ({ batch }) => {
      for (const { offset, key, value, headers } of batch.messages) {
        const texts = Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)]);
        const read = {
          offset,
          key: key?.toString() ?? null,
          value,
          headers: Object.fromEntries(texts) as Record<string, string>,
        };
        messages.push({ partition: batch.partition, ...read });
      }
      return Promise.resolve();
    },
  });
  await joined;
  return { messages, stop: () => consumer.disconnect() };
}
