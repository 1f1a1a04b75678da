import { forgetUndone, toldFrom, upsertFacts } from './facts.js';
import { answerColumns, sameSlot } from './history.js';

const epochMs = (time: string): string => `extract(epoch FROM ${time})::float8 * 1000`;

/** What is known of some rooms; `$2`: milliseconds, older evidence predicts nothing and is left out. */
export const roomStatement = {
  name: 'room',
  text: `
SELECT i.ord, f.subject, f.seat_index::float8 AS seat_index, f.member_account, f.state, f.occupant, f.source,
       ${epochMs('f.seen_from')} AS seen_from, ${epochMs('f.seen_to')} AS seen_to, f.version::float8 AS version, f.draw
  FROM json_to_recordset($1::json) AS i(ord integer, sdk_app_id bigint, room_id text)
  JOIN mirror_facts AS f ON f.sdk_app_id = i.sdk_app_id AND f.room_id = i.room_id
 WHERE f.seen_to >= usher_now() - $2::float8 * interval '1 millisecond'`,
};

/** A claim given up until the next attempt, with the answer that said "later", if there was one. */
export const releaseStatement = {
  name: 'release',
  text: `
WITH input AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1::json) AS t(sdk_app_id bigint, request_id text, prior uuid, nonce uuid,
    attempt integer, slot_at float8, answers jsonb, answer json)),
keys AS (
  UPDATE seat_requests AS k SET state = 'released', attempt = i.attempt, nonce = i.nonce, answers = i.answers
    FROM input AS i
   WHERE k.sdk_app_id = i.sdk_app_id AND k.request_id = i.request_id AND k.nonce = i.prior AND k.state = 'claimed'
  RETURNING k.request_id),
audit AS (
  UPDATE attempts AS a SET ${answerColumns('i.answer')}
    FROM input AS i WHERE i.answer IS NOT NULL AND ${sameSlot} AND a.nonce = i.prior)
SELECT request_id FROM keys`,
};

/** What reads found: for the mirror (`$2`) and their attempts (`$1`). */
export const observeStatement = {
  name: 'observe',
  text: `
WITH input AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1::json) AS t(nonce uuid, slot_at float8, answer json)),
told AS MATERIALIZED (${toldFrom('$2')}),
facts AS (${upsertFacts}),
forgotten AS (${forgetUndone})
UPDATE attempts AS a SET ${answerColumns('i.answer')}
  FROM input AS i WHERE ${sameSlot} AND a.nonce = i.nonce`,
};

/** When Kafka acknowledged some outcomes. */
export const publishedStatement = {
  name: 'published',
  text: `
INSERT INTO publications (received_at, sdk_app_id, request_id, published_at)
SELECT to_timestamp(received_at / 1000), sdk_app_id, request_id, to_timestamp(published_at / 1000)
  FROM json_to_recordset($1::json) AS t(sdk_app_id bigint, request_id text, received_at float8, published_at float8)
 ORDER BY sdk_app_id, request_id
ON CONFLICT DO NOTHING`,
};

export const slowDownStatement = {
  name: 'slow down',
  text: `SELECT usher_slow_down($1, $2::float8 * interval '1 millisecond')`,
};

export const holdStatement = {
  name: 'hold',
  text: `SELECT usher_hold($1, $2::float8 * interval '1 millisecond')`,
};

export const recordDeadLetterStatement = {
  name: 'dead letter',
  text: `
INSERT INTO dead_letters (kafka_topic, kafka_partition, kafka_offset, seen_at, reason, detail, key, value, value_bytes, headers)
VALUES ($1, $2, $3, to_timestamp($4::float8 / 1000), $5, $6, $7, $8, $9, $10)
ON CONFLICT DO NOTHING`,
};
