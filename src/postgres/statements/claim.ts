/** The slots of one application and command, reserved for the rows of `alive`, in their order. `$2 … $6`: application, command, spacing, lead and look-ahead in microseconds. */
const slots = `
reserved AS MATERIALIZED (
  SELECT r.* FROM (SELECT count(*)::integer AS wanted FROM alive) AS w,
    usher_reserve($2, $3, w.wanted, $4::bigint * interval '1 microsecond', $5::bigint * interval '1 microsecond',
                  $6::bigint * interval '1 microsecond') AS r),
slots AS MATERIALIZED (
  SELECT a.*, r.first_slot + (a.n - 1) * r.slot_spacing AS slot_at FROM alive AS a, reserved AS r WHERE a.n <= r.granted)`;

const epochMs = (time: string): string => `extract(epoch FROM ${time})::float8 * 1000`;

/** Slots and claims together. `$7`: microseconds from slot to send-by, `$8`: from send-by to quiet, `$9`: this instance. */
export const claimStatement = {
  name: 'claim',
  text: `
WITH input AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1::json) AS t(ord integer, sdk_app_id bigint, request_id text, digest text,
    received_at float8, room_id text, seat_index bigint, member_account text, call jsonb, answers jsonb, attempt integer,
    nonce uuid, prior uuid, purpose text, sample json)),
-- Somebody else's open claim wants the same seat or member: waiting costs no slot. Whoever slips past is stopped by the indexes.
blocked AS MATERIALIZED (
  SELECT i.ord FROM input AS i JOIN seat_requests AS k ON k.state = 'claimed' AND k.sdk_app_id = i.sdk_app_id
     AND k.room_id = i.room_id AND k.seat_index = i.seat_index AND k.request_id <> i.request_id
  UNION
  SELECT i.ord FROM input AS i JOIN seat_requests AS k ON k.state = 'claimed' AND k.sdk_app_id = i.sdk_app_id
     AND k.room_id = i.room_id AND k.member_account = i.member_account AND k.request_id <> i.request_id),
drawn AS (
  UPDATE mirror_facts AS f SET draw = NULL FROM input AS i
   WHERE i.sample IS NOT NULL AND NOT EXISTS (SELECT FROM blocked AS b WHERE b.ord = i.ord) AND f.draw IS NOT NULL AND f.version = (i.sample->>'version')::bigint
     AND f.sdk_app_id = i.sdk_app_id AND f.room_id = i.room_id AND f.subject = i.sample->>'subject'
     AND f.seat_index = (i.sample->>'index')::bigint AND f.member_account = i.sample->>'memberAccount'
  RETURNING i.ord),
alive AS MATERIALIZED (
  SELECT i.*, row_number() OVER (ORDER BY i.ord) AS n FROM input AS i LEFT JOIN drawn AS d USING (ord)
   WHERE (i.sample IS NULL OR d.ord IS NOT NULL) AND NOT EXISTS (SELECT FROM blocked AS b WHERE b.ord = i.ord)),
${slots},
fresh AS (
  INSERT INTO seat_requests (sdk_app_id, request_id, digest, state, received_at, room_id, seat_index, member_account,
    attempt, nonce, call, answers, slot_at, send_by, quiet_at)
  SELECT sdk_app_id, request_id, digest, 'claimed', to_timestamp(received_at / 1000), room_id, seat_index, member_account,
    attempt, nonce, call, answers, slot_at, slot_at + $7::bigint * interval '1 microsecond',
    slot_at + ($7::bigint + $8::bigint) * interval '1 microsecond'
    FROM slots WHERE prior IS NULL ORDER BY sdk_app_id, request_id
  ON CONFLICT DO NOTHING RETURNING nonce),
again AS (
  UPDATE seat_requests AS k SET state = 'claimed', attempt = s.attempt, nonce = s.nonce, answers = s.answers,
    slot_at = s.slot_at, send_by = s.slot_at + $7::bigint * interval '1 microsecond',
    quiet_at = s.slot_at + ($7::bigint + $8::bigint) * interval '1 microsecond'
    FROM slots AS s
   WHERE s.prior IS NOT NULL AND k.sdk_app_id = s.sdk_app_id AND k.request_id = s.request_id
     AND k.nonce = s.prior AND k.state <> 'settled'
  RETURNING k.nonce),
won AS MATERIALIZED (SELECT nonce FROM fresh UNION ALL SELECT nonce FROM again),
audit AS (
  INSERT INTO attempts (slot_at, nonce, sdk_app_id, request_id, room_id, purpose, command, attempt, instance_id)
  SELECT s.slot_at, s.nonce, s.sdk_app_id, s.request_id, s.room_id, s.purpose, $3, s.attempt, $9 FROM slots AS s JOIN won USING (nonce))
SELECT ${epochMs('r.next_at')} AS next_at, ${epochMs('r.now_at')} AS now_at, i.ord, ${epochMs('s.slot_at')} AS slot_at,
       d.ord IS NOT NULL AS drawn,
       CASE WHEN w.nonce IS NOT NULL THEN 'claimed' WHEN s.ord IS NOT NULL THEN 'taken'
            WHEN b.ord IS NOT NULL THEN 'rival' WHEN a.ord IS NULL THEN 'spent' ELSE 'no slot' END AS result
  FROM reserved AS r, input AS i
  LEFT JOIN blocked AS b USING (ord) LEFT JOIN drawn AS d USING (ord) LEFT JOIN alive AS a USING (ord) LEFT JOIN slots AS s USING (ord)
  LEFT JOIN won AS w ON w.nonce = i.nonce`,
};

/** Slots for reads: their claim is their row in the attempts. `$7`: this instance. */
export const claimReadStatement = {
  name: 'claim read',
  text: `
WITH alive AS MATERIALIZED (
  SELECT t.*, row_number() OVER (ORDER BY t.ord) AS n
    FROM json_to_recordset($1::json) AS t(ord integer, sdk_app_id bigint, room_id text, nonce uuid, purpose text)),
${slots},
audit AS (
  INSERT INTO attempts (slot_at, nonce, sdk_app_id, room_id, purpose, command, instance_id)
  SELECT slot_at, nonce, sdk_app_id, room_id, purpose, $3, $7 FROM slots)
SELECT ${epochMs('r.next_at')} AS next_at, ${epochMs('r.now_at')} AS now_at, a.ord, ${epochMs('s.slot_at')} AS slot_at,
       false AS drawn, CASE WHEN s.ord IS NOT NULL THEN 'claimed' ELSE 'no slot' END AS result
  FROM reserved AS r, alive AS a LEFT JOIN slots AS s USING (ord)`,
};
