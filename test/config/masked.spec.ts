import { masked } from '../../src/config/masked.js';
import { settingsWith } from './environments.js';

const secretive = settingsWith({
  DATABASE_URL: 'postgresql://usher:sesame@db:5432/usher?password=sesame&sslmode=require',
  DATABASE_MIGRATION_URL: 'postgres://owner:s%65same-sesame@db/usher',
  TENCENT_SECRET_KEY: 'sesame',
  KAFKA_SSL: 'true',
  KAFKA_SSL_CA: '-----BEGIN sesame',
  KAFKA_SSL_CERT: '-----BEGIN sesame',
  KAFKA_SSL_KEY: '-----BEGIN sesame',
  KAFKA_SASL_MECHANISM: 'plain',
  KAFKA_SASL_USERNAME: 'kafka-user',
  KAFKA_SASL_PASSWORD: 'sesame',
});

describe('settings for the log', () => {
  it('hold no secret, wherever it stood', () => {
    expect(JSON.stringify(secretive).split('sesame')).toHaveLength(1 + 8);
    expect(JSON.stringify(masked(secretive))).not.toContain('sesame');
  });

  it('still tell what is not secret', () => {
    expect(masked(secretive)).toMatchObject({
      database: { url: 'postgresql://usher:***@db:5432/usher?password=***&sslmode=***' },
      kafka: { brokers: ['kafka-1:9092'], sasl: { username: 'kafka-user' } },
      tencent: { sdkAppId: 1_400_000_000, callsPerSecond: 200 },
      requests: secretive.requests,
    });
  });

  it('tell apart what is masked and what is not there', () => {
    expect(masked(settingsWith({})).kafka).toMatchObject({ ssl: null, sasl: null });
    expect(masked(settingsWith({ KAFKA_SSL: 'true' })).kafka.ssl).toEqual({
      ca: null,
      cert: null,
      key: null,
    });
  });

  it('leave the settings themselves as they were', () => {
    masked(secretive);
    expect(secretive.tencent.secretKey).toBe('sesame');
  });
});
