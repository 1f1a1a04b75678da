import type { z } from 'zod';
import { ConfigurationError } from './configuration-error.js';
import type { ConfigurationProblem } from './configuration-error.js';
import { rules } from './rules.js';
import { gather } from './secret-files.js';
import type { Environment } from './secret-files.js';
import type { Settings } from './settings.js';
import { variables } from './variables.js';
import type { Values } from './variables.js';

const checked = variables.superRefine(judge, { when: () => true });

/**
 * Environment → settings. Throws `ConfigurationError` with all problems at once.
 * `terminal`: whether a person watches the output; decides how logs look where `LOG_FORMAT` does not.
 */
export function readSettings(env: Environment, terminal: boolean): Settings {
  const values = read(checked, env);
  return {
    database: database(values),
    kafka: kafka(values),
    tencent: tencent(values),
    requests: {
      ttlMs: values.REQUEST_TTL_MS,
      maxTtlMs: values.REQUEST_MAX_TTL_MS,
      idRetentionDays: values.REQUEST_ID_RETENTION_DAYS,
      auditRetentionDays: values.AUDIT_RETENTION_DAYS,
      maxBytes: values.REQUEST_MAX_BYTES,
    },
    mirror: { maxAgeMs: values.MIRROR_MAX_AGE_WITHOUT_CALLBACKS_MS, auditShare: values.MIRROR_AUDIT_SHARE },
    http: { host: values.HTTP_HOST, port: values.HTTP_PORT },
    log: { level: values.LOG_LEVEL, format: values.LOG_FORMAT ?? (terminal ? 'pretty' : 'json') },
  };
}

/** The addresses of the database alone: a migration needs no Kafka and no Tencent. Throws `ConfigurationError`. */
export function readDatabaseSettings(env: Environment): Settings['database'] {
  return database(read(variables.pick({ DATABASE_URL: true, DATABASE_MIGRATION_URL: true }), env));
}

/** The settings of this process. Throws `ConfigurationError`. */
export function settingsOfProcess(): Settings {
  return readSettings(process.env, process.stdout.isTTY);
}

/** The database settings of this process. Throws `ConfigurationError`. */
export function databaseSettingsOfProcess(): Settings['database'] {
  return readDatabaseSettings(process.env);
}

function read<V>(schema: z.ZodType<V>, env: Environment): V {
  const { values, problems } = gather(env);
  const result = schema.safeParse(values);
  if (result.success && problems.length === 0) return result.data;
  // A variable whose file could not be read is not also missing.
  const told = new Set(problems.map(({ variable }) => variable.replace(/_FILE$/, '')));
  const found = (result.error?.issues ?? []).map(problem).filter(({ variable }) => !told.has(variable));
  throw new ConfigurationError([...problems, ...found]);
}

function problem({ path, message }: z.core.$ZodIssue): ConfigurationProblem {
  return { variable: String(path[0]), repair: message };
}

/** Rules are judged whatever else is wrong, so that all problems are told at once; but only over variables that are right. */
function judge(values: Values, context: z.core.$RefinementCtx<Values>): void {
  const wrong = new Set(context.issues.map(({ path }) => path?.[0]));
  for (const { over, broken } of rules) {
    const message = over.some((variable) => wrong.has(variable)) ? null : broken(values);
    if (message !== null) context.addIssue({ code: 'custom', path: [over[0]], message });
  }
}

function database(values: Pick<Values, 'DATABASE_URL' | 'DATABASE_MIGRATION_URL'>): Settings['database'] {
  return { url: values.DATABASE_URL, migrationUrl: values.DATABASE_MIGRATION_URL ?? values.DATABASE_URL };
}

function kafka(values: Values): Settings['kafka'] {
  return {
    brokers: values.KAFKA_BROKERS,
    groupId: values.KAFKA_GROUP_ID,
    clientId: values.KAFKA_CLIENT_ID,
    topics: {
      requests: values.KAFKA_TOPIC_REQUESTS,
      outcomes: values.KAFKA_TOPIC_OUTCOMES,
      deadLetters: values.KAFKA_TOPIC_DEAD_LETTERS,
    },
    partitions: values.KAFKA_PARTITIONS,
    replication: values.KAFKA_REPLICATION,
    sessionTimeoutMs: values.KAFKA_SESSION_TIMEOUT_MS,
    ssl: values.KAFKA_SSL
      ? { ca: values.KAFKA_SSL_CA, cert: values.KAFKA_SSL_CERT, key: values.KAFKA_SSL_KEY }
      : null,
    sasl: sasl(values),
  };
}

function sasl({
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_SASL_USERNAME: username,
  KAFKA_SASL_PASSWORD: password,
}: Values): Settings['kafka']['sasl'] {
  return mechanism === null || username === null || password === null
    ? null
    : { mechanism, username, password };
}

function tencent(values: Values): Settings['tencent'] {
  return {
    baseUrl: values.TENCENT_BASE_URL,
    sdkAppId: values.TENCENT_SDK_APP_ID,
    adminIdentifier: values.TENCENT_ADMIN_IDENTIFIER,
    secretKey: values.TENCENT_SECRET_KEY,
    callsPerSecond: values.TENCENT_CALLS_PER_SECOND,
    jitterAllowanceMs: values.TENCENT_JITTER_ALLOWANCE_MS,
    timeoutMs: values.TENCENT_TIMEOUT_MS,
  };
}
