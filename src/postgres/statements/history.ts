/**
 * The history rows of what was settled. The columns are taken from the very bytes that are published, so the audit cannot
 * say anything else. `settled` is a CTE of (value json, sdk_app_id, request_id, priority, headers base64, waits,
 * kafka_partition, kafka_offset, traceparent).
 */
export const insertHistory = `
  INSERT INTO request_history (received_at, sdk_app_id, request_id, room_id, type, member_account, requested_index,
    priority, requested_at, deadline, source, requested_by, correlation_id, metadata, status, reason, advice, code, message,
    decided_by, predicted, seat_index, from_index, displaced_account, evidence_source, evidence_age_ms, evidence_read_at,
    evidence_occupant, attempts, tencent_request_id, wait_rival_ms, wait_budget_ms, wait_retry_ms, call_ms, settled_at,
    kafka_partition, kafka_offset, traceparent, value, headers)
  SELECT o."receivedAt", s.sdk_app_id, s.request_id, o."roomId", o.type, o."memberAccount", o."requestedIndex",
    s.priority, o."requestedAt", o.deadline, o.source, o."requestedBy", o."correlationId", o.metadata, o.status, o.reason,
    o.advice, o.code, o.message, o."decidedBy", o.predicted, o.index, o."fromIndex", o."displacedAccount",
    o.evidence->>'source', (o.evidence->>'ageMs')::bigint, (o.evidence->>'readAt')::timestamptz, o.evidence->>'occupant',
    o.attempts, o."tencentRequestId", s.rival_ms, s.budget_ms, s.retry_ms, s.call_ms, o."settledAt",
    s.kafka_partition, s.kafka_offset, s.traceparent, convert_to(s.value::text, 'UTF8'), decode(s.headers, 'base64')
  FROM settled AS s,
    LATERAL json_to_record(s.value) AS o("receivedAt" timestamptz, "roomId" text, type text, "memberAccount" text,
      "requestedIndex" bigint, "requestedAt" timestamptz, deadline timestamptz, source text, "requestedBy" text,
      "correlationId" text, metadata jsonb, status text, reason text, advice text, code integer, message text,
      "decidedBy" text, predicted text, index bigint, "fromIndex" bigint, "displacedAccount" text, evidence jsonb,
      attempts integer, "tencentRequestId" text, "settledAt" timestamptz)
  RETURNING 1`;

/**
 * The settlements of a batch: `$1` is a JSON list of the outcomes' values, whose text Postgres keeps byte for byte, `$2`
 * a list of what goes with each, in the same order.
 */
export const settlements = `
  SELECT v.value, v.ord, w.*
    FROM json_array_elements($1::json) WITH ORDINALITY AS v(value, ord)
    JOIN ROWS FROM (json_to_recordset($2::json) AS (sdk_app_id bigint, request_id text, digest text, room_id text,
           seat_index bigint, member_account text, received_at float8, priority text, headers text, rival_ms float8, budget_ms float8,
           retry_ms float8, call_ms float8, kafka_partition integer, kafka_offset bigint, traceparent text,
           premise integer, prior uuid, slot_at float8, answer json)) WITH ORDINALITY
         AS w(sdk_app_id, request_id, digest, room_id, seat_index, member_account, received_at, priority, headers, rival_ms,
           budget_ms, retry_ms, call_ms, kafka_partition, kafka_offset, traceparent, premise, prior, slot_at, answer, at)
      ON w.at = v.ord`;

/** How an attempt ended. `told` is an expression of type json with the fields of an answer. */
export const answerColumns = (told: string): string => `
  sent_at = to_timestamp((${told}->>'sentAt')::float8 / 1000), answered_at = to_timestamp((${told}->>'answeredAt')::float8 / 1000),
  http_status = (${told}->>'httpStatus')::integer, code = (${told}->>'code')::integer, class = ${told}->>'kind',
  message = ${told}->>'message', tencent_request_id = ${told}->>'tencentRequestId'`;

/** The attempt `a` of the input `i`, in its partition: a microsecond may be lost on the way through JavaScript's numbers. */
export const sameSlot = `a.slot_at BETWEEN to_timestamp(i.slot_at / 1000) - interval '1 millisecond'
    AND to_timestamp(i.slot_at / 1000) + interval '1 millisecond'`;
