import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { startKafka } from '../../../sandbox/parts/kafka.js';

describe('the embedded Kafka', () => {
  it('comes back at the same address with its topics after a crash', async () => {
    const kafka = await startKafka();
    if (kafka.embedded === null)
      throw new Error(`this test crashes a broker of its own; unset KAFKA_BROKERS=${kafka.brokers}`);
    const client = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING });
    const topic = randomUUID();
    const admin = client.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] });

    const before = kafka.embedded.pid;
    await kafka.embedded.crash();
    await kafka.embedded.start();

    expect(kafka.embedded.pid).not.toBe(before);
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    expect(topics[0]?.partitions).toHaveLength(3);
    await admin.disconnect();
    await kafka.stop();
  });
});
