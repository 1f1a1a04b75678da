import { Kafka, logLevel } from 'kafkajs';
import { startKafka } from '../../../sandbox/parts/kafka.js';
import { howToGetKafka } from '../../../sandbox/parts/kafka-missing.js';
import { freePort } from '../../../sandbox/parts/free-port.js';
import { kafka as sharedKafka } from '../../support/parts.js';

describe('where a broker comes from', () => {
  it('takes the broker of KAFKA_BROKERS and leaves it running', async () => {
    const { brokers } = await sharedKafka();
    const given = await startKafka({ environment: { KAFKA_BROKERS: brokers } });
    await given.stop();
    expect(given).toMatchObject({ brokers, kind: 'given' });
    const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    expect((await admin.describeCluster()).brokers).toHaveLength(1);
    await admin.disconnect();
  });

  it('refuses a given broker that does not answer, and says what to do', async () => {
    const environment = { KAFKA_BROKERS: `127.0.0.1:${await freePort()}` };
    await expect(startKafka({ environment })).rejects.toThrow(
      /does not answer\. Start that broker, or unset the variable/,
    );
  });

  it('says what to install where nothing can be had', async () => {
    await expect(startKafka({ environment: { PATH: '/nowhere' } })).rejects.toThrow(
      howToGetKafka(process.platform),
    );
  });

  it.each([
    ['linux', 'apt-get install'],
    ['darwin', 'brew install'],
    ['win32', 'WSL'],
  ] as const)('knows how software is installed on %s', (platform, command) => {
    expect(howToGetKafka(platform)).toContain(command);
  });
});
