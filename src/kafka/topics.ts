import kafkajs from 'kafkajs';
import type { Admin, ITopicConfig } from 'kafkajs';
import type { Settings } from '../config/settings.js';
import type { Log } from '../telemetry/log.js';

const { ConfigResourceTypes } = kafkajs;
const dayMs = 86_400_000;

/**
 * Creates the topics that are missing, if the broker allows, and looks at the request topic. Rejects when it is
 * compacted: compaction drops requests that nobody has answered.
 */
export async function prepareTopics(admin: Admin, settings: Settings, log: Log): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const replication = settings.kafka.replication ?? (await defaultReplication(admin));
  for (const topic of wantedTopics(settings, replication)) {
    if (!existing.has(topic.topic)) await create(admin, topic, log);
  }
  await inspectRequests(admin, settings, log);
}

/** Partitions of a topic. */
export async function countPartitions(admin: Admin, topic: string): Promise<number> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  return topics[0]?.partitions.length ?? 0;
}

function wantedTopics({ kafka, requests }: Settings, replication: number | null): ITopicConfig[] {
  const wanted = (topic: string, days: number, more: Record<string, string>): ITopicConfig => ({
    topic,
    numPartitions: kafka.partitions,
    replicationFactor: replication ?? -1,
    configEntries: Object.entries({
      'cleanup.policy': 'delete',
      'retention.ms': String(days * dayMs),
      // One broker may be lost: writing needs two that hold the message, which takes a second replica.
      ...(replication !== null && replication >= 2 ? { 'min.insync.replicas': '2' } : {}),
      ...more,
    }).map(([name, value]) => ({ name, value })),
  });
  return [
    // A request must not lie there longer than its id is remembered.
    wanted(kafka.topics.requests, Math.min(7, requests.idRetentionDays), {
      'message.timestamp.type': 'LogAppendTime',
    }),
    wanted(kafka.topics.outcomes, 7, {}),
    wanted(kafka.topics.deadLetters, 30, {}),
  ];
}

async function create(admin: Admin, topic: ITopicConfig, log: Log): Promise<void> {
  try {
    if (await admin.createTopics({ topics: [topic] })) log.info({ topic: topic.topic }, 'topic created');
  } catch (error) {
    log.warn(
      { topic: topic.topic, error: String(error) },
      'topic could not be created; create it by hand unless the broker creates topics on first use',
    );
  }
}

/** The broker's own default, to know whether a second replica exists; null where it does not tell. */
async function defaultReplication(admin: Admin): Promise<number | null> {
  try {
    const { controller } = await admin.describeCluster();
    const resource = { type: ConfigResourceTypes.BROKER, name: String(controller) };
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ ...resource, configNames: ['default.replication.factor'] }],
    });
    return Number(resources[0]?.configEntries[0]?.configValue) || null;
  } catch {
    return null;
  }
}

async function inspectRequests(admin: Admin, { kafka, requests }: Settings, log: Log): Promise<void> {
  const topic = kafka.topics.requests;
  const config = await topicConfig(admin, topic, log);
  if (config.get('cleanup.policy')?.includes('compact')) {
    throw new Error(
      `Topic ${topic} is compacted: requests would vanish unanswered. Set its cleanup.policy to delete and start again.`,
    );
  }
  const retentionMs = Number(config.get('retention.ms') ?? 0);
  if (retentionMs < 0 || retentionMs > requests.idRetentionDays * dayMs) {
    log.warn(
      { topic, retentionMs, idRetentionDays: requests.idRetentionDays },
      'the request topic keeps messages longer than ids are remembered: read again, the oldest become dead letters (too-old); shorten retention.ms or raise REQUEST_ID_RETENTION_DAYS',
    );
  }
  if (config.get('message.timestamp.type') === 'CreateTime') {
    log.warn(
      { topic },
      'the request topic carries the time of its producers: deadlines depend on their clocks; set message.timestamp.type to LogAppendTime',
    );
  }
}

async function topicConfig(admin: Admin, topic: string, log: Log): Promise<Map<string, string>> {
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
    });
    return new Map(
      resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]),
    );
  } catch (error) {
    log.warn(
      { topic, error: String(error) },
      'the settings of the request topic cannot be read and are not checked',
    );
    return new Map();
  }
}
