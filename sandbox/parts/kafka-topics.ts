import type { Admin, ITopicConfig } from 'kafkajs';
import { until } from './until.js';

/** Makes topics and waits until every partition has its leader: kafkajs' own waiting fails where the broker is slow to tell. */
export async function makeTopics(admin: Admin, topics: ITopicConfig[]): Promise<void> {
  await admin.createTopics({ waitForLeaders: false, topics });
  const names = topics.map(({ topic }) => topic);
  await until(
    () => haveLeaders(admin, names),
    30_000,
    () => `the topics have no leaders: ${names.join(', ')}`,
  );
}

async function haveLeaders(admin: Admin, topics: string[]): Promise<true | null> {
  try {
    const metadata = await admin.fetchTopicMetadata({ topics });
    const partitions = metadata.topics.flatMap((topic) => topic.partitions);
    return partitions.length > 0 && partitions.every(({ leader }) => leader >= 0) ? true : null;
  } catch {
    return null;
  }
}
