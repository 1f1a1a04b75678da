import type { Kafka } from '../../parts/kafka.js';
import type { Postgres } from '../../parts/postgres.js';
import type { TwinProcess } from '../../parts/twin-process.js';
import { twinAdminIdentifier, twinSdkAppId, twinSecretKey } from '../../twin/credentials.js';
import type { Rules } from '../history.js';
import type { Wires } from './instance.js';
import type { Topics } from './topics.js';

/**
 * What the instances are told and the judge must know. The timeout is short, so that unknown results are soon quiet; the
 * jitter allowance is wide, because everything shares the cores of one machine: while it also compiled, the twin was seen to
 * stall for 264 ms, and every call that waits then counts as arrived at once.
 */
export const usualRules: Rules = {
  limitPerSecond: 200,
  timeoutMs: 3500,
  mirrorMaxAgeMs: 2000,
  jitterAllowanceMs: 200,
};

/** The settings of an instance: everything it depends on lies behind a wire of its own. */
export function settingsOf(parts: {
  readonly postgres: Postgres;
  readonly kafka: Kafka;
  readonly topics: Topics;
  readonly twin: TwinProcess;
  readonly wires: Wires;
  readonly rules: Rules;
}): Record<string, string> {
  const { postgres, kafka, topics, twin, wires, rules } = parts;
  return {
    DATABASE_URL: behind(postgres.url, wires.postgres.port),
    KAFKA_BROKERS: wires.kafka === null ? kafka.brokers : `127.0.0.1:${wires.kafka.port}`,
    KAFKA_GROUP_ID: topics.group,
    KAFKA_TOPIC_REQUESTS: topics.requests,
    KAFKA_TOPIC_OUTCOMES: topics.outcomes,
    KAFKA_TOPIC_DEAD_LETTERS: topics.deadLetters,
    KAFKA_SESSION_TIMEOUT_MS: '6000',
    TENCENT_BASE_URL: behind(twin.url, wires.twin.port),
    TENCENT_SDK_APP_ID: String(twinSdkAppId),
    TENCENT_ADMIN_IDENTIFIER: twinAdminIdentifier,
    TENCENT_SECRET_KEY: twinSecretKey,
    TENCENT_CALLS_PER_SECOND: String(rules.limitPerSecond),
    TENCENT_JITTER_ALLOWANCE_MS: String(rules.jitterAllowanceMs),
    TENCENT_TIMEOUT_MS: String(rules.timeoutMs),
    REQUEST_TTL_MS: '60000',
    MIRROR_MAX_AGE_WITHOUT_CALLBACKS_MS: String(rules.mirrorMaxAgeMs),
    MIRROR_AUDIT_SHARE: '0.02',
    LOG_LEVEL: 'warn',
  };
}

function behind(address: string, port: number): string {
  const url = new URL(address);
  url.port = String(port);
  return url.href.replace(/\/$/, '');
}
