import { randomUUID } from 'node:crypto';
import type { IHeaders, Kafka as Client } from 'kafkajs';
import { until } from '../../parts/until.js';
import type { TopicMessage } from '../history.js';
import type { Topics } from '../parts/topics.js';

/** Reads a topic from its beginning to its end of now. */
export async function readWhole(client: Client, topic: string): Promise<TopicMessage[]> {
  const ends = await endsOf(client, topic);
  const open = new Set([...ends].filter(([, { low, high }]) => low < high).map(([partition]) => partition));
  const messages: TopicMessage[] = [];
  if (open.size === 0) return messages;
  const consumer = client.consumer({
    groupId: `collect-${randomUUID()}`,
    maxBytesPerPartition: 4_194_304,
    maxWaitTimeInMs: 50,
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: ({ batch }) => {
      for (const message of batch.messages) {
        const { key, value, offset, timestamp, headers } = message;
        const place = {
          partition: batch.partition,
          offset: Number(offset),
          timestamp: Number(timestamp),
        };
        messages.push({ ...place, key, value, headers: plainHeaders(headers) });
      }
      if (Number(batch.lastOffset()) + 1 >= (ends.get(batch.partition)?.high ?? 0))
        open.delete(batch.partition);
      return Promise.resolve();
    },
  });
  const done = (): Promise<true | null> => Promise.resolve(open.size === 0 ? true : null);
  await until(done, 120_000, () => `${topic} could not be read to its end`);
  await consumer.disconnect();
  return messages;
}

/** What the group has committed of each partition of the requests, and where the partition ends. */
export async function offsetsOf(
  client: Client,
  topics: Topics,
): Promise<{ partition: number; committed: number; end: number }[]> {
  const ends = await endsOf(client, topics.requests);
  const admin = client.admin();
  await admin.connect();
  const [fetched] = await admin.fetchOffsets({ groupId: topics.group, topics: [topics.requests] });
  await admin.disconnect();
  return [...ends].map(([partition, { high }]) => {
    const offset = fetched?.partitions.find((each) => each.partition === partition)?.offset ?? '-1';
    return { partition, committed: Math.max(0, Number(offset)), end: high };
  });
}

async function endsOf(client: Client, topic: string): Promise<Map<number, { low: number; high: number }>> {
  const admin = client.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return new Map(
    offsets.map(({ partition, low, high }) => [partition, { low: Number(low), high: Number(high) }]),
  );
}

/** A header that stands several times counts once: the last. */
function plainHeaders(headers: IHeaders | undefined): Record<string, Buffer> {
  const plain: Record<string, Buffer> = {};
  for (const [name, given] of Object.entries(headers ?? {})) {
    const last = Array.isArray(given) ? given.at(-1) : given;
    if (last !== undefined) plain[name] = Buffer.from(last);
  }
  return plain;
}
