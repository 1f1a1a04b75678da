import { z } from 'zod';
import { brokers, flag, matching, oneOf, postgresUrl, share, tencentUrl, text, whole } from './fields.js';

const topic = () =>
  matching(/^[a-zA-Z0-9._-]{1,249}$/, 'a topic name of letters, digits, dots, dashes and underscores');
const pem = (what: string) =>
  matching(/-----BEGIN /, `${what} in PEM form`)
    .nullable()
    .default(null);
const milliseconds = (min: number, max: number) => whole(min, max, ' (milliseconds)');
const days = (min: number, max: number) => whole(min, max, ' (days)');

/** Every environment variable, with what it may hold and its default. What it means is told in the README. */
export const variables = z.object({
  DATABASE_URL: postgresUrl(),
  DATABASE_MIGRATION_URL: postgresUrl().optional(),

  KAFKA_BROKERS: brokers(),
  KAFKA_GROUP_ID: text('a consumer group').default('usher'),
  KAFKA_CLIENT_ID: text('a client name').default('usher'),
  KAFKA_TOPIC_REQUESTS: topic().default('seat.requests'),
  KAFKA_TOPIC_OUTCOMES: topic().default('seat.outcomes'),
  KAFKA_TOPIC_DEAD_LETTERS: topic().default('seat.dead-letters'),
  KAFKA_PARTITIONS: whole(1, 10_000).default(12),
  KAFKA_REPLICATION: whole(1, 100).nullable().default(null),
  // Below three seconds one late heartbeat (they come every two) costs the partition.
  KAFKA_SESSION_TIMEOUT_MS: milliseconds(3_000, 300_000).default(10_000),
  KAFKA_SSL: flag().default(false),
  KAFKA_SSL_CA: pem('certificates'),
  KAFKA_SSL_CERT: pem('a certificate'),
  KAFKA_SSL_KEY: pem('a private key'),
  KAFKA_SASL_MECHANISM: oneOf(['plain', 'scram-sha-256', 'scram-sha-512']).nullable().default(null),
  KAFKA_SASL_USERNAME: text('a user name').nullable().default(null),
  KAFKA_SASL_PASSWORD: text('a password').nullable().default(null),

  TENCENT_BASE_URL: tencentUrl().default('https://adminapisgp.im.qcloud.com'),
  TENCENT_SDK_APP_ID: whole(1, 4_294_967_295),
  TENCENT_ADMIN_IDENTIFIER: text('an account').default('administrator'),
  TENCENT_SECRET_KEY: text(
    "the application's key, from Tencent's console (in a file: TENCENT_SECRET_KEY_FILE)",
  ),
  TENCENT_CALLS_PER_SECOND: whole(1, 100_000).default(200),
  // The mapping of the clock (5 ms) and the path (10 ms) are always part of it; the rest is the grace.
  TENCENT_JITTER_ALLOWANCE_MS: milliseconds(16, 1_000).default(25),
  // Longer than the 3 s that Tencent allows itself: whoever gives up sooner only makes unknown results.
  TENCENT_TIMEOUT_MS: milliseconds(3_001, 60_000).default(5_000),

  REQUEST_TTL_MS: milliseconds(1, 43_200_000).default(30_000),
  REQUEST_MAX_TTL_MS: milliseconds(1, 43_200_000).default(300_000),
  REQUEST_ID_RETENTION_DAYS: days(1, 365).default(8),
  AUDIT_RETENTION_DAYS: days(1, 3_650).default(90),
  // At most what a dead letter's row keeps.
  REQUEST_MAX_BYTES: whole(1_024, 1_048_576, ' (bytes)').default(65_536),

  MIRROR_MAX_AGE_WITHOUT_CALLBACKS_MS: milliseconds(0, 60_000).default(2_000),
  MIRROR_AUDIT_SHARE: share().default(0.01),

  HTTP_HOST: text('a host').default('127.0.0.1'),
  HTTP_PORT: whole(0, 65_535).default(3_000),
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  LOG_FORMAT: oneOf(['json', 'pretty']).optional(),
});

/** The checked variables. */
export type Values = z.output<typeof variables>;
export type Variable = keyof Values;

/** Everything that must not be shown, or is too long for a variable: each may come as `X_FILE`, the path of a file, instead. */
export const fileable = [
  'DATABASE_URL',
  'DATABASE_MIGRATION_URL',
  'KAFKA_SSL_CA',
  'KAFKA_SSL_CERT',
  'KAFKA_SSL_KEY',
  'KAFKA_SASL_PASSWORD',
  'TENCENT_SECRET_KEY',
] as const satisfies readonly Variable[];
