import { problemsOf, settingsWith } from './environments.js';

/** Each is refused by itself, named, and told how to be mended. */
const refused: readonly (readonly [variable: string, value: string, repair: RegExp])[] = [
  ['DATABASE_URL', 'mysql://db/usher', /address such as postgresql:/],
  ['DATABASE_URL', 'not an address', /address such as postgresql:/],
  ['DATABASE_MIGRATION_URL', 'db:5432', /address such as postgresql:/],
  ['KAFKA_BROKERS', 'kafka', /list of host:port/],
  ['KAFKA_BROKERS', 'kafka:0', /list of host:port/],
  ['KAFKA_BROKERS', 'kafka:65536', /list of host:port/],
  ['KAFKA_BROKERS', 'a:1,,b:1', /list of host:port/],
  ['KAFKA_TOPIC_REQUESTS', 'seat requests', /topic name/],
  ['KAFKA_TOPIC_OUTCOMES', 'a'.repeat(250), /topic name/],
  ['KAFKA_TOPIC_DEAD_LETTERS', 'ü', /topic name/],
  ['KAFKA_TOPIC_OUTCOMES', 'seat.requests', /three topics/],
  ['KAFKA_PARTITIONS', '0', /whole number from 1 to 10000/],
  ['KAFKA_PARTITIONS', '1.5', /whole number/],
  ['KAFKA_PARTITIONS', '-1', /whole number/],
  ['KAFKA_PARTITIONS', '0x10', /whole number/],
  ['KAFKA_REPLICATION', '0', /from 1 to 100/],
  ['KAFKA_SESSION_TIMEOUT_MS', '2999', /from 3000 to 300000 \(milliseconds\)/],
  ['KAFKA_SSL', 'maybe', /one of true, false/],
  ['KAFKA_SSL_CA', 'x', /in PEM form/],
  ['KAFKA_SASL_MECHANISM', 'gssapi', /one of plain, scram-sha-256, scram-sha-512/],
  ['KAFKA_SASL_MECHANISM', 'plain', /all three or none/],
  ['TENCENT_SDK_APP_ID', '0', /from 1 to/],
  ['TENCENT_CALLS_PER_SECOND', '0', /from 1 to/],
  ['TENCENT_JITTER_ALLOWANCE_MS', '15', /from 16 to/],
  ['TENCENT_TIMEOUT_MS', '3000', /from 3001 to/],
  ['REQUEST_TTL_MS', '0', /from 1 to/],
  ['REQUEST_MAX_TTL_MS', '43200001', /to 43200000/],
  ['REQUEST_MAX_TTL_MS', '29999', /at least REQUEST_TTL_MS \(30000\)/],
  ['REQUEST_ID_RETENTION_DAYS', '0', /from 1 to 365 \(days\)/],
  ['AUDIT_RETENTION_DAYS', '0', /from 1 to 3650/],
  ['REQUEST_MAX_BYTES', '1023', /from 1024 to 1048576 \(bytes\)/],
  ['MIRROR_MAX_AGE_WITHOUT_CALLBACKS_MS', '60001', /from 0 to 60000/],
  ['MIRROR_AUDIT_SHARE', '1.01', /from 0 to 1/],
  ['MIRROR_AUDIT_SHARE', '-0.1', /from 0 to 1/],
  ['MIRROR_AUDIT_SHARE', '1%', /from 0 to 1/],
  ['HTTP_PORT', '65536', /from 0 to 65535/],
  ['LOG_LEVEL', 'loud', /one of/],
  ['LOG_FORMAT', 'xml', /one of json, pretty/],
];

describe('a variable', () => {
  it.each(refused)('%s=%s is refused with its repair', (variable, value, repair) => {
    const problems = problemsOf({ [variable]: value });
    expect(problems).toEqual([expect.stringMatching(`^${variable} `)]);
    expect(problems[0]).toMatch(repair);
  });

  it('is never quoted in a problem: it may be a secret', () => {
    const wrong = 'sesame';
    const everywhere = Object.fromEntries(refused.map(([variable]) => [variable, wrong]));
    expect(problemsOf(everywhere).length).toBeGreaterThan(20);
    expect(problemsOf(everywhere).join('\n')).not.toContain(wrong);
  });
});

describe('TENCENT_BASE_URL', () => {
  it.each([
    'http://127.0.0.1:8080',
    'http://127.8.9.10',
    'http://localhost:8080',
    'http://[::1]:8080',
    'https://console.tim.qq.com',
  ])('may be %s', (url) => {
    expect(settingsWith({ TENCENT_BASE_URL: url }).tencent.baseUrl).toBe(url);
  });

  it.each([
    'http://adminapisgp.im.qcloud.com',
    'http://twin:8080',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://10.0.0.1',
    'http://0.0.0.0:8080',
    'ftp://127.0.0.1',
    'https://user:pw@console.tim.qq.com',
    'https://console.tim.qq.com?usersig=x',
    'console.tim.qq.com',
  ])('must not be %s', (url) => {
    expect(problemsOf({ TENCENT_BASE_URL: url })).toEqual([
      expect.stringMatching(
        /^TENCENT_BASE_URL must be an https address .*plain http only for a loopback host/,
      ),
    ]);
  });
});
