import { readDatabaseSettings, readSettings } from '../../src/config/environment.js';
import { least, problemsIn, problemsOf, settingsWith } from './environments.js';

describe('the environment', () => {
  it('needs an address of Postgres, brokers, an application and its key; the rest has the defaults of the contract', () => {
    expect(readSettings(least, false)).toEqual({
      database: { url: least.DATABASE_URL, migrationUrl: least.DATABASE_URL },
      kafka: {
        brokers: ['kafka-1:9092'],
        groupId: 'usher',
        clientId: 'usher',
        topics: { requests: 'seat.requests', outcomes: 'seat.outcomes', deadLetters: 'seat.dead-letters' },
        partitions: 12,
        replication: null,
        sessionTimeoutMs: 10_000,
        ssl: null,
        sasl: null,
      },
      tencent: {
        baseUrl: 'https://adminapisgp.im.qcloud.com',
        sdkAppId: 1_400_000_000,
        adminIdentifier: 'administrator',
        secretKey: 'key-secret',
        callsPerSecond: 200,
        jitterAllowanceMs: 25,
        timeoutMs: 5_000,
      },
      requests: {
        ttlMs: 30_000,
        maxTtlMs: 300_000,
        idRetentionDays: 8,
        auditRetentionDays: 90,
        maxBytes: 65_536,
      },
      mirror: { maxAgeMs: 2_000, auditShare: 0.01 },
      http: { host: '127.0.0.1', port: 3_000 },
      log: { level: 'info', format: 'json' },
    });
  });

  it('takes every variable', () => {
    const settings = settingsWith({
      DATABASE_MIGRATION_URL: 'postgres://owner@db/usher',
      KAFKA_BROKERS: 'a:1, b:65535,[::1]:9092',
      KAFKA_GROUP_ID: 'g',
      KAFKA_CLIENT_ID: 'c',
      KAFKA_TOPIC_REQUESTS: 'r',
      KAFKA_TOPIC_OUTCOMES: 'o',
      KAFKA_TOPIC_DEAD_LETTERS: 'd',
      KAFKA_PARTITIONS: '3',
      KAFKA_REPLICATION: '2',
      KAFKA_SESSION_TIMEOUT_MS: '6000',
      KAFKA_SSL: 'true',
      KAFKA_SSL_CA: '-----BEGIN CERTIFICATE-----',
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-256',
      KAFKA_SASL_USERNAME: 'u',
      KAFKA_SASL_PASSWORD: 'p',
      TENCENT_BASE_URL: 'https://console.tim.qq.com/',
      TENCENT_ADMIN_IDENTIFIER: 'admin',
      TENCENT_CALLS_PER_SECOND: '100',
      TENCENT_JITTER_ALLOWANCE_MS: '40',
      TENCENT_TIMEOUT_MS: '4000',
      REQUEST_TTL_MS: '60000',
      REQUEST_MAX_TTL_MS: '600000',
      REQUEST_ID_RETENTION_DAYS: '9',
      AUDIT_RETENTION_DAYS: '30',
      REQUEST_MAX_BYTES: '4096',
      MIRROR_MAX_AGE_WITHOUT_CALLBACKS_MS: '0',
      MIRROR_AUDIT_SHARE: '0',
      HTTP_HOST: '0.0.0.0',
      HTTP_PORT: '0',
      LOG_LEVEL: 'debug',
      LOG_FORMAT: 'pretty',
    });
    expect(settings).toMatchObject({
      database: { url: least.DATABASE_URL, migrationUrl: 'postgres://owner@db/usher' },
      kafka: {
        brokers: ['a:1', 'b:65535', '[::1]:9092'],
        groupId: 'g',
        clientId: 'c',
        topics: { requests: 'r', outcomes: 'o', deadLetters: 'd' },
        partitions: 3,
        replication: 2,
        sessionTimeoutMs: 6_000,
        ssl: { ca: '-----BEGIN CERTIFICATE-----', cert: null, key: null },
        sasl: { mechanism: 'scram-sha-256', username: 'u', password: 'p' },
      },
      tencent: {
        baseUrl: 'https://console.tim.qq.com',
        adminIdentifier: 'admin',
        callsPerSecond: 100,
        jitterAllowanceMs: 40,
        timeoutMs: 4_000,
      },
      requests: {
        ttlMs: 60_000,
        maxTtlMs: 600_000,
        idRetentionDays: 9,
        auditRetentionDays: 30,
        maxBytes: 4_096,
      },
      mirror: { maxAgeMs: 0, auditShare: 0 },
      http: { host: '0.0.0.0', port: 0 },
      log: { level: 'debug', format: 'pretty' },
    });
  });

  it('tells all problems at once, rules between variables included', () => {
    const problems = problemsIn(() =>
      readSettings(
        { KAFKA_BROKERS: 'nowhere', HTTP_PORT: 'x', KAFKA_SSL_CERT: '-----BEGIN C', REQUEST_TTL_MS: '1' },
        false,
      ),
    );
    expect(problems.map((line) => line.split(' ')[0]).sort()).toEqual([
      'DATABASE_URL',
      'HTTP_PORT',
      'KAFKA_BROKERS',
      'KAFKA_SSL',
      'KAFKA_SSL_CERT',
      'REQUEST_TTL_MS',
      'TENCENT_SDK_APP_ID',
      'TENCENT_SECRET_KEY',
    ]);
  });

  it('says in its message what to mend, a line a problem', () => {
    expect(() => settingsWith({ HTTP_PORT: '70000', LOG_LEVEL: 'loud' })).toThrow(
      [
        'The configuration cannot be used. Mend these environment variables and start again:',
        '  HTTP_PORT must be a whole number from 0 to 65535',
        '  LOG_LEVEL must be one of fatal, error, warn, info, debug, trace',
      ].join('\n'),
    );
  });

  it.each(['DATABASE_URL', 'KAFKA_BROKERS', 'TENCENT_SDK_APP_ID', 'TENCENT_SECRET_KEY'])(
    'takes an empty %s as not given',
    (variable) => {
      expect(problemsOf({ [variable]: '' })).toEqual([
        expect.stringMatching(`^${variable} is missing: give .+`),
      ]);
    },
  );

  it('takes an empty variable as its default', () => {
    expect(settingsWith({ HTTP_PORT: '', KAFKA_REPLICATION: '', KAFKA_SASL_PASSWORD: '' })).toEqual(
      settingsWith({}),
    );
  });

  it('logs for people on a terminal and for machines elsewhere, unless LOG_FORMAT says', () => {
    expect(readSettings(least, true).log.format).toBe('pretty');
    expect(readSettings(least, false).log.format).toBe('json');
    expect(readSettings({ ...least, LOG_FORMAT: 'json' }, true).log.format).toBe('json');
  });

  it('needs the database alone for a migration', () => {
    const url = least.DATABASE_URL;
    expect(readDatabaseSettings({ DATABASE_URL: url, HTTP_PORT: 'x' })).toEqual({ url, migrationUrl: url });
    expect(problemsIn(() => readDatabaseSettings({}))).toEqual([
      expect.stringMatching('^DATABASE_URL is missing'),
    ]);
  });
});
