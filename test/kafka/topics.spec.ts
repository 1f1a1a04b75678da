import kafkajs from 'kafkajs';
import { KafkaConnection } from '../../src/kafka/kafka.connection.js';
import { kafka } from '../support/parts.js';
import { RecordedLog } from './recorded-log.js';
import { Outside, ownSettings } from './standing-intake.js';

describe('preparing the topics', () => {
  let outside: Outside | null = null;
  const setup = async (more: Record<string, string> = {}) => {
    const settings = ownSettings((await kafka()).brokers, 3, more);
    const log = new RecordedLog();
    const seen = await Outside.connect(settings);
    outside = seen;
    const { topics } = settings.kafka;
    const make = (config: Record<string, string>): Promise<boolean> => {
      const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
      return seen.admin.createTopics({ topics: [{ topic: topics.requests, configEntries }] });
    };
    const configOf = async (topic: string): Promise<Record<string, string>> => {
      const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }];
      const { resources: described } = await seen.admin.describeConfigs({
        resources,
        includeSynonyms: false,
      });
      return Object.fromEntries(
        described[0]?.configEntries.map((one) => [one.configName, one.configValue]) ?? [],
      );
    };
    return { topics, log, make, configOf, kafka: new KafkaConnection(settings, log) };
  };

  afterEach(async () => {
    await outside?.close();
    outside = null;
  });

  it('creates all three as the contract says', async () => {
    const { topics, log, configOf, kafka: connection } = await setup();
    await connection.prepareTopics();
    expect(await configOf(topics.requests)).toMatchObject({
      'message.timestamp.type': 'LogAppendTime',
      'cleanup.policy': 'delete',
    });
    expect(await configOf(topics.outcomes)).toMatchObject({ 'retention.ms': String(7 * 86_400_000) });
    expect(await configOf(topics.deadLetters)).toMatchObject({ 'retention.ms': String(30 * 86_400_000) });
    expect(await connection.countPartitions()).toBe(3);
    expect(log.count('warn')).toBe(0);
  });

  it('leaves topics that exist as they are', async () => {
    const { topics, make, configOf, kafka: connection } = await setup();
    await make({ 'retention.ms': '5000' });
    await connection.prepareTopics();
    await connection.prepareTopics();
    expect(await configOf(topics.requests)).toMatchObject({ 'retention.ms': '5000' });
  });

  it.each(['compact', 'compact,delete'])('refuses a request topic with cleanup.policy=%s', async (policy) => {
    const { make, kafka: connection } = await setup();
    await make({ 'cleanup.policy': policy });
    await expect(connection.prepareTopics()).rejects.toThrow(
      /is compacted.*Set its cleanup.policy to delete/,
    );
  });

  it.each(['-1', String(9 * 86_400_000)])(
    'warns when requests lie longer than ids are remembered: %s',
    async (retention) => {
      const { log, make, kafka: connection } = await setup();
      await make({ 'retention.ms': retention, 'message.timestamp.type': 'LogAppendTime' });
      await connection.prepareTopics();
      expect(log.lines.filter((line) => line.startsWith('warn:'))).toEqual([
        expect.stringContaining('REQUEST_ID_RETENTION_DAYS'),
      ]);
    },
  );

  it('warns when producers set the time', async () => {
    const { log, make, kafka: connection } = await setup();
    await make({ 'message.timestamp.type': 'CreateTime' });
    await connection.prepareTopics();
    expect(log.lines.filter((line) => line.startsWith('warn:'))).toEqual([
      expect.stringContaining('LogAppendTime'),
    ]);
  });
});
