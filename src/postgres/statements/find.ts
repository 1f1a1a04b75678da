const epochMs = (time: string): string => `extract(epoch FROM ${time})::float8 * 1000`;

/** What is recorded under some ids, and which message it was recorded for. */
export const findStatement = {
  name: 'find',
  text: `
SELECT i.ord, k.digest, k.state, k.attempt, k.nonce, k.call, k.answers, ${epochMs('k.slot_at')} AS slot_at,
       ${epochMs('k.quiet_at')} AS quiet_at, k.room_id, ${epochMs('k.received_at')} AS received_at,
       ${epochMs('greatest(k.received_at, k.last_seen_at)')} AS remembered_from, h.value, h.headers,
       h.kafka_partition, h.kafka_offset, ${epochMs('h.requested_at')} AS requested_at
  FROM json_to_recordset($1::json) AS i(ord integer, sdk_app_id bigint, request_id text)
  JOIN seat_requests AS k ON k.sdk_app_id = i.sdk_app_id AND k.request_id = i.request_id
  LEFT JOIN request_history AS h ON k.state = 'settled' AND h.sdk_app_id = k.sdk_app_id
    AND h.request_id = k.request_id AND h.received_at = k.received_at`,
};

/** Remembers ids from a later message on. Those that are not returned were forgotten meanwhile. */
export const rememberStatement = {
  name: 'remember',
  text: `
WITH input AS (
  SELECT sdk_app_id, request_id, max(requested_at) AS requested_at
    FROM json_to_recordset($1::json) AS t(sdk_app_id bigint, request_id text, requested_at float8)
   GROUP BY sdk_app_id, request_id),
standing AS MATERIALIZED (
  SELECT i.* FROM input AS i JOIN seat_requests AS k USING (sdk_app_id, request_id)
   ORDER BY sdk_app_id, request_id FOR UPDATE OF k)
UPDATE seat_requests AS k SET last_seen_at = greatest(k.last_seen_at, to_timestamp(s.requested_at / 1000))
  FROM standing AS s WHERE k.sdk_app_id = s.sdk_app_id AND k.request_id = s.request_id
RETURNING k.sdk_app_id::float8 AS sdk_app_id, k.request_id`,
};
