import type { Values, Variable } from './variables.js';

/** A rule over several variables; it is put to the test as soon as each of them is right by itself. */
export interface Rule {
  readonly over: readonly [Variable, ...Variable[]];
  /** Null, or how to mend the first variable of `over`. */
  readonly broken: (values: Values) => string | null;
}

/** Tencent's own time limit (3 s) and the staleness of its reads (2 s): a call is quiet that long after our timeout. */
const AFTER_TIMEOUT_MS = 5_000;
/** After a crash a request needs time to be read back and concluded. */
const TO_CONCLUDE_MS = 5_000;

const ttl: Rule = {
  over: ['REQUEST_TTL_MS', 'KAFKA_SESSION_TIMEOUT_MS', 'TENCENT_TIMEOUT_MS'],
  broken: (v) => {
    // The quiet time is reckoned as 10 s at least, even where our timeout is shorter than the usual 5 s.
    const quiet = Math.max(10_000, v.TENCENT_TIMEOUT_MS + AFTER_TIMEOUT_MS);
    const least = v.KAFKA_SESSION_TIMEOUT_MS + quiet + TO_CONCLUDE_MS;
    if (v.REQUEST_TTL_MS >= least) return null;
    return `must be at least ${least}, or a crash expires everything: KAFKA_SESSION_TIMEOUT_MS + quiet time (${quiet}) + ${TO_CONCLUDE_MS}`;
  },
};

const maxTtl: Rule = {
  over: ['REQUEST_MAX_TTL_MS', 'REQUEST_TTL_MS'],
  broken: (v) =>
    v.REQUEST_MAX_TTL_MS >= v.REQUEST_TTL_MS ? null : `must be at least REQUEST_TTL_MS (${v.REQUEST_TTL_MS})`,
};

const retention: Rule = {
  over: ['AUDIT_RETENTION_DAYS', 'REQUEST_ID_RETENTION_DAYS'],
  broken: (v) =>
    v.AUDIT_RETENTION_DAYS > v.REQUEST_ID_RETENTION_DAYS
      ? null
      : `must be more than REQUEST_ID_RETENTION_DAYS (${v.REQUEST_ID_RETENTION_DAYS}): an outcome is kept as long as its id is remembered, which is a day longer`,
};

const topics: Rule = {
  over: ['KAFKA_TOPIC_OUTCOMES', 'KAFKA_TOPIC_REQUESTS', 'KAFKA_TOPIC_DEAD_LETTERS'],
  broken: (v) =>
    new Set([v.KAFKA_TOPIC_REQUESTS, v.KAFKA_TOPIC_OUTCOMES, v.KAFKA_TOPIC_DEAD_LETTERS]).size === 3
      ? null
      : 'must differ, like KAFKA_TOPIC_REQUESTS and KAFKA_TOPIC_DEAD_LETTERS: give three topics',
};

const certificate: Rule = {
  over: ['KAFKA_SSL_CERT', 'KAFKA_SSL_KEY'],
  broken: (v) =>
    (v.KAFKA_SSL_CERT === null) === (v.KAFKA_SSL_KEY === null)
      ? null
      : 'and KAFKA_SSL_KEY belong together: give both, as KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE, or none',
};

const ssl: Rule = {
  over: ['KAFKA_SSL', 'KAFKA_SSL_CA', 'KAFKA_SSL_CERT', 'KAFKA_SSL_KEY'],
  broken: (v) =>
    v.KAFKA_SSL || (v.KAFKA_SSL_CA ?? v.KAFKA_SSL_CERT ?? v.KAFKA_SSL_KEY) === null
      ? null
      : 'must be true where certificates are given: set it, or remove KAFKA_SSL_CA, KAFKA_SSL_CERT and KAFKA_SSL_KEY',
};

const sasl: Rule = {
  over: ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'],
  broken: (v) => {
    const given = [v.KAFKA_SASL_MECHANISM, v.KAFKA_SASL_USERNAME, v.KAFKA_SASL_PASSWORD].filter(
      (x) => x !== null,
    );
    return given.length === 0 || given.length === 3
      ? null
      : 'needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD (or KAFKA_SASL_PASSWORD_FILE): give all three or none';
  },
};

/** What must hold between variables. */
export const rules: readonly Rule[] = [ttl, maxTtl, retention, topics, certificate, ssl, sasl];
