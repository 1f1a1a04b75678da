-- Database time. Everything that compares or mints times asks this one function (inlined: it costs nothing), so that a
-- test can step the clock by replacing it. clock_timestamp(), not now(): a statement that waited for a lock must not use
-- the time at which it began to wait.
CREATE FUNCTION usher_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp()';

-- One row a request: absent -> claimed -> (released -> claimed)* -> settled, or absent -> settled.
CREATE TABLE seat_requests (
  sdk_app_id     bigint      NOT NULL,
  request_id     text        NOT NULL,
  digest         text        NOT NULL,
  state          text        NOT NULL CHECK (state IN ('claimed', 'released', 'settled')),
  received_at    timestamptz NOT NULL,
  room_id        text        NOT NULL,
  seat_index     bigint,
  member_account text,
  attempt        integer     NOT NULL DEFAULT 0,
  nonce          uuid,
  call           jsonb,
  answers        jsonb,
  slot_at        timestamptz,
  send_by        timestamptz,
  quiet_at       timestamptz,
  CONSTRAINT seat_requests_pkey PRIMARY KEY (sdk_app_id, request_id),
  CONSTRAINT seat_requests_claim_is_whole CHECK (
    state = 'settled' OR (nonce IS NOT NULL AND call IS NOT NULL AND slot_at IS NOT NULL AND send_by IS NOT NULL
                          AND quiet_at IS NOT NULL AND attempt >= 0)
  )
);
-- Rivals on different instances: at most one open claim a seat, and one a member.
CREATE UNIQUE INDEX seat_requests_open_claim_on_seat ON seat_requests (sdk_app_id, room_id, seat_index) WHERE state = 'claimed';
CREATE UNIQUE INDEX seat_requests_open_claim_on_member ON seat_requests (sdk_app_id, room_id, member_account) WHERE state = 'claimed';

-- What was answered, by day of arrival. `value` and `headers` are the published bytes; the columns are taken from them.
CREATE TABLE request_history (
  received_at        timestamptz NOT NULL,
  sdk_app_id         bigint      NOT NULL,
  request_id         text        NOT NULL,
  room_id            text        NOT NULL,
  type               text,
  member_account     text,
  requested_index    bigint,
  requested_indexes  bigint[],
  policy             text,
  priority           text        NOT NULL,
  requested_at       timestamptz NOT NULL,
  deadline           timestamptz NOT NULL,
  source             text,
  requested_by       text,
  correlation_id     text,
  metadata           jsonb       NOT NULL,
  status             text        NOT NULL,
  reason             text,
  advice             text        NOT NULL,
  code               integer,
  message            text        NOT NULL,
  decided_by         text        NOT NULL,
  predicted          text,
  seat_index         bigint,
  from_index         bigint,
  displaced_account  text,
  evidence_source    text,
  evidence_age_ms    bigint,
  evidence_read_at   timestamptz,
  evidence_occupant  text,
  attempts           integer     NOT NULL,
  tencent_request_id text,
  wait_rival_ms      double precision NOT NULL,
  wait_budget_ms     double precision NOT NULL,
  wait_retry_ms      double precision NOT NULL,
  call_ms            double precision NOT NULL,
  settled_at         timestamptz NOT NULL,
  kafka_partition    integer     NOT NULL,
  kafka_offset       bigint      NOT NULL,
  traceparent        text,
  value              bytea       NOT NULL,
  headers            bytea       NOT NULL,
  CONSTRAINT request_history_pkey PRIMARY KEY (sdk_app_id, request_id, received_at)
) PARTITION BY RANGE (received_at);
CREATE TABLE request_history_default PARTITION OF request_history DEFAULT;

-- When Kafka acknowledged an outcome. A table of its own: marking the history row would write its bytes a second time.
CREATE TABLE publications (
  received_at  timestamptz NOT NULL,
  sdk_app_id   bigint      NOT NULL,
  request_id   text        NOT NULL,
  published_at timestamptz NOT NULL,
  CONSTRAINT publications_pkey PRIMARY KEY (sdk_app_id, request_id, received_at)
) PARTITION BY RANGE (received_at);
CREATE TABLE publications_default PARTITION OF publications DEFAULT;

-- Every call, by its slot: written with the claim, completed with the answer. A read has no request.
CREATE TABLE attempts (
  slot_at            timestamptz NOT NULL,
  nonce              uuid        NOT NULL,
  sdk_app_id         bigint      NOT NULL,
  request_id         text,
  room_id            text        NOT NULL,
  purpose            text        NOT NULL CHECK (purpose IN ('settle', 'read-back', 'mirror-read', 'audit')),
  command            text        NOT NULL,
  attempt            integer,
  instance_id        text        NOT NULL,
  sent_at            timestamptz,
  answered_at        timestamptz,
  http_status        integer,
  code               integer,
  class              text,
  message            text,
  tencent_request_id text,
  CONSTRAINT attempts_pkey PRIMARY KEY (slot_at, nonce)
) PARTITION BY RANGE (slot_at);
CREATE TABLE attempts_default PARTITION OF attempts DEFAULT;
CREATE INDEX attempts_by_request ON attempts (sdk_app_id, request_id) WHERE request_id IS NOT NULL;

-- The mirror: what is believed of a room, and why. `seat_index` is -1 and `member_account` empty where they do not apply.
CREATE TABLE mirror_facts (
  sdk_app_id     bigint      NOT NULL,
  room_id        text        NOT NULL,
  subject        text        NOT NULL CHECK (subject IN ('room', 'seating', 'fullness', 'seat-count', 'seat', 'member')),
  seat_index     bigint      NOT NULL,
  member_account text        NOT NULL,
  state          text        NOT NULL,
  occupant       text,
  source         text        NOT NULL CHECK (source IN ('own-call', 'rejection', 'read')),
  seen_from      timestamptz NOT NULL,
  seen_to        timestamptz NOT NULL,
  version        bigint      NOT NULL DEFAULT 1,
  draw           double precision,
  CONSTRAINT mirror_facts_pkey PRIMARY KEY (sdk_app_id, room_id, subject, seat_index, member_account)
);

-- The budget of one application and command: the theoretical arrival time (tat) of the next call.
CREATE TABLE call_budgets (
  sdk_app_id        bigint      NOT NULL,
  command           text        NOT NULL,
  tat               timestamptz NOT NULL,
  paused_until      timestamptz NOT NULL,
  -- Share of the contracted rate that was in force at rate_at; it recovers by a hundredth a second.
  rate              double precision NOT NULL DEFAULT 1 CHECK (rate > 0 AND rate <= 1),
  rate_at           timestamptz NOT NULL,
  server_started_at timestamptz NOT NULL,
  CONSTRAINT call_budgets_pkey PRIMARY KEY (sdk_app_id, command)
);

-- Reserves up to p_wanted slots, at least p_lead and at most p_ahead from now, p_spacing apart from all earlier ones.
-- A restarted or failed-over server may have lost the newest slots, and a clock that stepped back makes them unreadable:
-- then nothing is given for p_ahead + 1 s.
CREATE FUNCTION usher_reserve(
  p_app bigint, p_command text, p_wanted integer, p_spacing interval, p_lead interval, p_ahead interval,
  OUT granted integer, OUT first_slot timestamptz, OUT slot_spacing interval, OUT next_at timestamptz, OUT now_at timestamptz
) LANGUAGE plpgsql AS $$
DECLARE
  budget  call_budgets;
  started timestamptz := pg_postmaster_start_time();
  hold    interval := p_ahead + interval '1 second';
BEGIN
  SELECT * INTO budget FROM call_budgets WHERE sdk_app_id = p_app AND command = p_command FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO call_budgets (sdk_app_id, command, tat, paused_until, rate_at, server_started_at)
    VALUES (p_app, p_command, usher_now(), 'epoch', usher_now(), started) ON CONFLICT DO NOTHING;
    SELECT * INTO budget FROM call_budgets WHERE sdk_app_id = p_app AND command = p_command FOR UPDATE;
  END IF;
  -- Only now that the row is ours: the wait for it may have been long.
  now_at := usher_now();
  granted := 0;
  IF budget.server_started_at <> started OR budget.tat > now_at + hold THEN
    budget.tat := now_at + hold;
  END IF;
  slot_spacing := p_spacing / LEAST(1, budget.rate + 0.01 * GREATEST(0, extract(epoch FROM now_at - budget.rate_at)));
  first_slot := GREATEST(budget.tat, budget.paused_until, now_at + p_lead);
  IF first_slot <= now_at + p_ahead THEN
    granted := LEAST(p_wanted, 1 + floor(extract(epoch FROM now_at + p_ahead - first_slot) / extract(epoch FROM slot_spacing))::integer);
    budget.tat := first_slot + slot_spacing * granted;
  END IF;
  next_at := GREATEST(budget.tat, budget.paused_until);
  UPDATE call_budgets SET tat = budget.tat, server_started_at = started WHERE sdk_app_id = p_app AND command = p_command;
END $$;

-- Tencent said "too much": every budget of the application pauses, goes on at half its rate and recovers slowly. Calls that
-- were refused together are one refusal: what is paused already is not slowed down further.
CREATE FUNCTION usher_slow_down(p_app bigint, p_pause interval) RETURNS void LANGUAGE sql AS $$
  UPDATE call_budgets
     SET paused_until = GREATEST(paused_until, usher_now() + p_pause),
         rate = CASE WHEN paused_until > usher_now() THEN rate
           ELSE GREATEST(0.1, 0.5 * LEAST(1, rate + 0.01 * GREATEST(0, extract(epoch FROM usher_now() - rate_at)))) END,
         rate_at = CASE WHEN paused_until > usher_now() THEN rate_at ELSE usher_now() END
   WHERE sdk_app_id = p_app
$$;

-- The clock of the database stepped: nothing is given for p_hold, whatever the rows say.
CREATE FUNCTION usher_hold(p_app bigint, p_hold interval) RETURNS void LANGUAGE sql AS $$
  UPDATE call_budgets SET tat = usher_now() + p_hold, paused_until = LEAST(paused_until, usher_now() + interval '1 minute')
   WHERE sdk_app_id = p_app
$$;

-- Messages that could not be read. The whole value, up to 1 MiB.
CREATE TABLE dead_letters (
  kafka_topic     text        NOT NULL,
  kafka_partition integer     NOT NULL,
  kafka_offset    bigint      NOT NULL,
  seen_at         timestamptz NOT NULL,
  reason          text        NOT NULL,
  detail          text        NOT NULL,
  key             bytea,
  value           bytea,
  value_bytes     bigint,
  headers         jsonb       NOT NULL,
  replayed_at     timestamptz,
  CONSTRAINT dead_letters_pkey PRIMARY KEY (kafka_topic, kafka_partition, kafka_offset)
);

-- Makes the daily partitions (UTC) from yesterday to p_days ahead. SECURITY DEFINER: the runtime role needs no DDL right.
CREATE FUNCTION usher_make_partitions(p_days integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '2s' SET timezone = 'UTC' AS $$
DECLARE
  parent text;
  child  text;
  day    date;
  made   integer := 0;
BEGIN
  FOREACH parent IN ARRAY ARRAY['request_history', 'publications', 'attempts'] LOOP
    FOR day IN SELECT (current_date + n)::date FROM generate_series(-1, p_days) n LOOP
      child := parent || '_' || to_char(day, 'YYYYMMDD');
      CONTINUE WHEN to_regclass('public.' || child) IS NOT NULL;
      BEGIN
        EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)',
                       child, parent, day::timestamptz, (day + 1)::timestamptz);
        made := made + 1;
      EXCEPTION WHEN check_violation THEN
        -- Rows of that day lie in the default partition already, and stay there: the other days must not wait for it.
        RAISE WARNING 'no partition % was made: the default partition holds rows of that day', child;
      END;
    END LOOP;
  END LOOP;
  RETURN made;
END $$;
REVOKE ALL ON FUNCTION usher_make_partitions(integer) FROM PUBLIC;
SELECT usher_make_partitions(7);
