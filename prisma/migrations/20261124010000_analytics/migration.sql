-- What analysts read: views with stable names over the tables of the service, which may change beneath them.
CREATE SCHEMA analytics;
COMMENT ON SCHEMA analytics IS 'What analysts read: one view a subject, read only, all times timestamptz. Role: usher_analyst.';

-- The look-ups beside request_history are scalar subqueries, not joins. A join would read every day of publications, since a
-- range of received_at is not carried over to its other side; a subquery prunes to one partition a row, at run time, and is
-- not executed at all where its column is not asked for.
CREATE VIEW analytics.requests AS
SELECT
  h.received_at, h.request_id, h.sdk_app_id, h.room_id, h.type, h.member_account, h.requested_index, h.requested_indexes,
  h.policy, h.priority, h.deadline, h.source, h.requested_by, h.correlation_id, h.metadata,
  h.status, h.reason, h.advice, h.code, h.decided_by, h.seat_index, h.from_index, h.displaced_account,
  h.evidence_source, h.evidence_age_ms, h.evidence_occupant, h.attempts,
  -- Requests settled without a call are the many: they look for nothing.
  CASE WHEN h.attempts = 0 AND h.tencent_request_id IS NULL THEN '{}'::text[] ELSE ARRAY(
    SELECT told.id FROM (
      -- A call's slot lies between the arrival of the message at the broker and the settlement. Bounded, two or three days
      -- are searched, not all; the hour is for clocks that disagree.
      SELECT a.tencent_request_id AS id, a.slot_at AS at
        FROM public.attempts a
       WHERE a.sdk_app_id = h.sdk_app_id AND a.request_id = h.request_id AND a.tencent_request_id IS NOT NULL
         AND a.slot_at >= LEAST(h.requested_at, h.received_at) - interval '1 hour'
         AND a.slot_at <= h.settled_at + interval '1 hour'
      UNION ALL
      -- The one that decided, which may have been a read: reads belong to a room and name no request.
      SELECT h.tencent_request_id, h.settled_at + interval '1 hour' WHERE h.tencent_request_id IS NOT NULL
    ) told GROUP BY told.id ORDER BY min(told.at)
  ) END AS tencent_request_ids,
  h.wait_rival_ms, h.wait_budget_ms, h.wait_retry_ms, h.call_ms,
  (extract(epoch FROM h.settled_at - h.received_at) * 1000)::double precision AS total_ms,
  h.settled_at,
  (SELECT p.published_at
     FROM public.publications p
    WHERE p.sdk_app_id = h.sdk_app_id AND p.request_id = h.request_id AND p.received_at = h.received_at) AS published_at,
  h.kafka_partition, h.kafka_offset,
  substring(h.traceparent FROM '^[0-9a-f]{2}-([0-9a-f]{32})-') AS trace_id,
  h.requested_at, h.message, h.predicted, h.evidence_read_at
FROM public.request_history h;

COMMENT ON VIEW analytics.requests IS
  'One row a settled request: what was asked, how it ended and why, and where its time went. A request that is still open has no row yet. Partition key: received_at (one partition a UTC day); name a range of it in every query, else all days are read. Kept for AUDIT_RETENTION_DAYS.';
COMMENT ON COLUMN analytics.requests.received_at IS 'When the service took the request in, database clock. The partition key: filter by it.';
COMMENT ON COLUMN analytics.requests.request_id IS 'The sender''s id of the request, 1-128 printable ASCII characters; unique together with sdk_app_id.';
COMMENT ON COLUMN analytics.requests.sdk_app_id IS 'Tencent application (SDKAppID) that owns the room; 0 where the request named one that is not configured.';
COMMENT ON COLUMN analytics.requests.room_id IS 'The room, 1-48 bytes.';
COMMENT ON COLUMN analytics.requests.type IS 'What was asked: pick, kick, move, lock, unlock or cancel; of an invalid request the word it used. Null where it could not be read.';
COMMENT ON COLUMN analytics.requests.member_account IS 'The member to be seated, moved or kicked, 1-32 bytes. Null where the request concerns a seat alone or could not be read.';
COMMENT ON COLUMN analytics.requests.requested_index IS 'The seat asked for, 0-based. Null where none was named.';
COMMENT ON COLUMN analytics.requests.requested_indexes IS 'The seats asked for in order of preference, 0-based. Null where no list was given.';
COMMENT ON COLUMN analytics.requests.policy IS 'What a move does with the occupant of the seat: abort, replace or swap. Null for all other types.';
COMMENT ON COLUMN analytics.requests.priority IS 'high, normal or low. It never reorders rivals.';
COMMENT ON COLUMN analytics.requests.deadline IS 'No call was sent for the request after this moment.';
COMMENT ON COLUMN analytics.requests.source IS 'The system that sent the request, in its own words. Null where it did not say.';
COMMENT ON COLUMN analytics.requests.requested_by IS 'Who asked, in the sender''s words. Null where it did not say.';
COMMENT ON COLUMN analytics.requests.correlation_id IS 'The sender''s id for what belongs together. Null where it did not say.';
COMMENT ON COLUMN analytics.requests.metadata IS 'The sender''s own pairs of texts, at most 10, as a JSON object; {} where there are none.';
COMMENT ON COLUMN analytics.requests.status IS 'How it ended: done (the effect was seen), rejected or expired (no effect stands), cancelled, failed (configuration or an unknown code; no effect stands), unconfirmed (nobody could tell in time: look at the room).';
COMMENT ON COLUMN analytics.requests.reason IS 'Why it ended so, one of a documented but open set: seat-occupied, not-a-member, ... Null for a plain done.';
COMMENT ON COLUMN analytics.requests.advice IS 'What the sender was told to do: none, choose-another-seat, try-again-later or ask-operator.';
COMMENT ON COLUMN analytics.requests.code IS 'Tencent''s code; for a refusal from the mirror the code of the answer that was saved. 0: Tencent said it is done. Null where there is none.';
COMMENT ON COLUMN analytics.requests.decided_by IS 'Who decided: validation, mirror (without a call), tencent, read-back (the seats were read after an unknown result), deadline or cancel.';
COMMENT ON COLUMN analytics.requests.seat_index IS 'The seat that was got or is concerned, 0-based. Null where there is none.';
COMMENT ON COLUMN analytics.requests.from_index IS 'The seat that was left (move, kick), 0-based. Null where none was.';
COMMENT ON COLUMN analytics.requests.displaced_account IS 'The member who lost a seat by it. Null where nobody did.';
COMMENT ON COLUMN analytics.requests.evidence_source IS 'Where the evidence came from on which it was decided: own-call, rejection, read or callback. Null where none was used.';
COMMENT ON COLUMN analytics.requests.evidence_age_ms IS 'Age of that evidence when the request was settled, in milliseconds, 0 or more. Null where none was used.';
COMMENT ON COLUMN analytics.requests.evidence_occupant IS 'Who sat on the seat according to the evidence. Null where nobody did or nobody knows.';
COMMENT ON COLUMN analytics.requests.attempts IS 'Calls that write and may have reached Tencent, 0 or more; reads are not counted.';
COMMENT ON COLUMN analytics.requests.tencent_request_ids IS 'Tencent''s RequestId of every answered call of the request, oldest first; quote them in a ticket. Empty where no call was answered. Looked up in attempts: ask for it only where needed.';
COMMENT ON COLUMN analytics.requests.wait_rival_ms IS 'Time spent waiting for earlier requests for the same seat or member, in milliseconds, 0 or more.';
COMMENT ON COLUMN analytics.requests.wait_budget_ms IS 'Time spent waiting for a slot in the contracted number of calls a second, in milliseconds, 0 or more.';
COMMENT ON COLUMN analytics.requests.wait_retry_ms IS 'Time spent waiting to repeat a call or to read back, in milliseconds, 0 or more.';
COMMENT ON COLUMN analytics.requests.call_ms IS 'Time spent in calls to Tencent, in milliseconds, 0 or more.';
COMMENT ON COLUMN analytics.requests.total_ms IS 'From received_at to settled_at, in milliseconds. Larger than the sum of its parts: the rest is the service''s own work.';
COMMENT ON COLUMN analytics.requests.settled_at IS 'The moment of the decision, database clock.';
COMMENT ON COLUMN analytics.requests.published_at IS 'When Kafka acknowledged the outcome, database clock. Null until then; may stay null after a crash although the outcome was published. Looked up in a table of its own: ask for it only where needed.';
COMMENT ON COLUMN analytics.requests.kafka_partition IS 'Partition of the topic of requests, 0 or more.';
COMMENT ON COLUMN analytics.requests.kafka_offset IS 'Offset of the request in that partition, 0 or more.';
COMMENT ON COLUMN analytics.requests.trace_id IS 'W3C trace id of the sender''s traceparent header, 32 hexadecimal digits. Null where it sent none.';
COMMENT ON COLUMN analytics.requests.requested_at IS 'When the broker appended the message, broker clock.';
COMMENT ON COLUMN analytics.requests.message IS 'The ending in a sentence, for people.';
COMMENT ON COLUMN analytics.requests.predicted IS 'The reason that the mirror would have given, where the request was sent to Tencent to put the mirror to the test: it was wrong where reason differs. Null for all others.';
COMMENT ON COLUMN analytics.requests.evidence_read_at IS 'When the read of the seats ended that showed the evidence, database clock. Null where it was no read.';

CREATE VIEW analytics.attempts AS
SELECT sent_at, request_id, sdk_app_id, room_id, purpose, command, attempt, slot_at, answered_at, http_status, code, class,
       tencent_request_id, instance_id, message
FROM public.attempts;

COMMENT ON VIEW analytics.attempts IS
  'One row a call to Tencent, the reads too; written before the call and completed with its answer. Partition key: slot_at (one partition a UTC day); name a range of it in every query. Kept for AUDIT_RETENTION_DAYS.';
COMMENT ON COLUMN analytics.attempts.sent_at IS 'When the call left, database clock. Null while it is not known: not answered yet, its sender died, or never sent.';
COMMENT ON COLUMN analytics.attempts.request_id IS 'The request it was made for; with sdk_app_id it leads to requests. Null for reads, which serve all requests of a room.';
COMMENT ON COLUMN analytics.attempts.sdk_app_id IS 'Tencent application (SDKAppID).';
COMMENT ON COLUMN analytics.attempts.room_id IS 'The room, 1-48 bytes.';
COMMENT ON COLUMN analytics.attempts.purpose IS 'Why it was made: settle (a request), read-back (after an unknown result), mirror-read (to renew evidence) or audit (to put a prediction to the test).';
COMMENT ON COLUMN analytics.attempts.command IS 'Tencent''s command, in whose budget it took a slot: pick_user_on_seat, get_seat_list, ...';
COMMENT ON COLUMN analytics.attempts.attempt IS 'Which call of its request it is, 1 or more. Null for reads.';
COMMENT ON COLUMN analytics.attempts.slot_at IS 'Its place in the budget, database clock: sent then or never. The partition key: filter by it.';
COMMENT ON COLUMN analytics.attempts.answered_at IS 'When the answer or the giving-up came, database clock. Null while there is none.';
COMMENT ON COLUMN analytics.attempts.http_status IS 'HTTP status of the answer. Null where none was read.';
COMMENT ON COLUMN analytics.attempts.code IS 'Tencent''s code, 0 for success. Null where no readable answer came.';
COMMENT ON COLUMN analytics.attempts.class IS 'What came of it. A call that writes: done, refused (no effect, final), later (no effect, may be repeated) or unknown (may have taken effect). A read: seats, missing (no such room), disabled (a room without seats) or unusable. Either: unsent (provably never reached Tencent). Null while not known; it stays null where its sender died.';
COMMENT ON COLUMN analytics.attempts.tencent_request_id IS 'Tencent''s RequestId; quote it in a ticket. Null where no readable answer came.';
COMMENT ON COLUMN analytics.attempts.instance_id IS 'The instance of the service that made the call.';
COMMENT ON COLUMN analytics.attempts.message IS 'Tencent''s own words, or ours where there were none. Null while there is no answer.';

-- 2 seconds: the documented default of MIRROR_MAX_AGE_WITHOUT_CALLBACKS_MS. A view cannot know the settings of an instance.
CREATE VIEW analytics.mirror_seats AS
SELECT f.sdk_app_id, f.room_id, f.seat_index, f.state, f.occupant AS member_account, f.seen_to AS seen_at,
       f.source AS seen_from,
       GREATEST(0, round(extract(epoch FROM clock.now - f.seen_to) * 1000))::bigint AS age_ms,
       f.state <> 'unknown' AND clock.now - f.seen_to <= interval '2 seconds' AS predicts,
       f.seen_from AS evidence_from
FROM public.mirror_facts f
CROSS JOIN LATERAL (SELECT public.usher_now() AS now) clock
WHERE f.subject = 'seat';

COMMENT ON VIEW analytics.mirror_seats IS
  'One row a seat that was ever seen: what the service believes of it now, and how old that belief is. A seat without a row was never seen. Partition key: none, the table is small; filter by sdk_app_id and room_id.';
COMMENT ON COLUMN analytics.mirror_seats.sdk_app_id IS 'Tencent application (SDKAppID) that owns the room.';
COMMENT ON COLUMN analytics.mirror_seats.room_id IS 'The room, 1-48 bytes.';
COMMENT ON COLUMN analytics.mirror_seats.seat_index IS 'The seat, 0-based.';
COMMENT ON COLUMN analytics.mirror_seats.state IS 'free, held, locked, or unknown (two pieces of evidence contradict each other).';
COMMENT ON COLUMN analytics.mirror_seats.member_account IS 'Who holds the seat. Null where nobody does, or where it is held by somebody unknown.';
COMMENT ON COLUMN analytics.mirror_seats.seen_at IS 'The latest moment at which it may have been so, database clock: the end of the answer or of the read.';
COMMENT ON COLUMN analytics.mirror_seats.seen_from IS 'What it was seen from: own-call, rejection, read or callback.';
COMMENT ON COLUMN analytics.mirror_seats.age_ms IS 'Time since seen_at on the database clock, in milliseconds, 0 or more.';
COMMENT ON COLUMN analytics.mirror_seats.predicts IS 'Whether the evidence is young enough to refuse a request without a call: at most 2 seconds old, the default of MIRROR_MAX_AGE_WITHOUT_CALLBACKS_MS (an instance may be set otherwise; this view cannot know), and not unknown. A free seat refuses nobody.';
COMMENT ON COLUMN analytics.mirror_seats.evidence_from IS 'The earliest moment at which it may have been so, database clock; a read may show what was true 2 seconds before it began.';

CREATE VIEW analytics.dead_letters AS
SELECT seen_at, kafka_topic || '/' || kafka_partition || '/' || kafka_offset AS id, reason, detail, key, value,
       kafka_topic, kafka_partition, kafka_offset, replayed_at, value_bytes, encode(value, 'escape') AS value_text
FROM public.dead_letters;

COMMENT ON VIEW analytics.dead_letters IS
  'One row a message that could not be taken as a request, kept whole with the reason. Partition key: none, the table is small.';
COMMENT ON COLUMN analytics.dead_letters.seen_at IS 'When the service first met it, database clock.';
COMMENT ON COLUMN analytics.dead_letters.id IS 'Its name in commands: topic/partition/offset.';
COMMENT ON COLUMN analytics.dead_letters.reason IS 'Why it is no request: empty, not-json, schema-registry-framing, identity, key-mismatch, request-id-reused, too-large or too-old.';
COMMENT ON COLUMN analytics.dead_letters.detail IS 'The same in a sentence, for people.';
COMMENT ON COLUMN analytics.dead_letters.key IS 'Key of the message, its very bytes. Null where it had none.';
COMMENT ON COLUMN analytics.dead_letters.value IS 'Value of the message, its very bytes, the first 1 MiB. Null for a tombstone.';
COMMENT ON COLUMN analytics.dead_letters.kafka_topic IS 'Topic in which it lay.';
COMMENT ON COLUMN analytics.dead_letters.kafka_partition IS 'Partition of that topic, 0 or more.';
COMMENT ON COLUMN analytics.dead_letters.kafka_offset IS 'Offset in that partition, 0 or more.';
COMMENT ON COLUMN analytics.dead_letters.replayed_at IS 'When it was last sent again as a new request, database clock. Null where it never was.';
COMMENT ON COLUMN analytics.dead_letters.value_bytes IS 'Length of the whole value in bytes, also where more than 1 MiB was cut. Null for a tombstone.';
COMMENT ON COLUMN analytics.dead_letters.value_text IS 'The value as readable text: ASCII as it is, every other byte as a backslash and three octal digits.';

-- A role belongs to the whole cluster: it may exist, another database may be making it at this moment, and whoever migrates
-- may not be allowed to make it. The default privileges are for the views of later migrations.
DO $$
DECLARE
  grants text := format(
    'GRANT USAGE ON SCHEMA analytics TO usher_analyst; '
    'GRANT SELECT ON ALL TABLES IN SCHEMA analytics TO usher_analyst; '
    'ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA analytics GRANT SELECT ON TABLES TO usher_analyst', current_user);
BEGIN
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'usher_analyst') THEN
      CREATE ROLE usher_analyst NOLOGIN;
    END IF;
  EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
      RAISE WARNING 'The role usher_analyst does not exist and % may not create it, so nobody but the owner can read the schema analytics yet. Have an administrator run in this database what the hint says.', current_user
        USING HINT = 'CREATE ROLE usher_analyst NOLOGIN; ' || grants;
      RETURN;
  END;
  EXECUTE grants;
END $$;
