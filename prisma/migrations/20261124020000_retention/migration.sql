-- What is kept, for how long, and how it goes. Everything here runs with the rights of the owner of the schema, so the
-- runtime role needs neither DDL nor DELETE; whoever may run usher_make_partitions may run all of it (see the end).
-- Each function does one small piece of work and says whether it did: null or 0 means that nothing is left. One
-- transaction never holds more than one partition's locks, and waits at most 200 ms for them, since whoever comes later
-- waits behind it.

-- When the last message with this id was appended, where that is long after the first: ids are remembered from there.
ALTER TABLE seat_requests ADD COLUMN last_seen_at timestamptz;
-- A b-tree: of a table that forgets at one end, the ranges of a BRIN only ever grow wider, until each look reads it all.
CREATE INDEX seat_requests_by_arrival ON seat_requests (received_at);
CREATE INDEX dead_letters_by_time ON dead_letters (seen_at);
-- Of the default partitions alone, which are empty as a rule. Those of attempts are found by their key.
CREATE INDEX request_history_default_by_arrival ON request_history_default (received_at);
CREATE INDEX publications_default_by_arrival ON publications_default (received_at);

-- Makes the earliest daily partition (UTC) that is missing from yesterday to p_days ahead -> its name. Rows of that day
-- that lie in the default partition already are moved, if there are no more than p_most (0.1 s): nobody may write
-- meanwhile. A day with more of them is left out: its rows stay where they are, and are forgotten row by row. Attaching
-- reads the whole default partition (2 s for 500,000 rows), so it should be next to empty.
CREATE FUNCTION usher_make_partition(p_days integer, p_most integer DEFAULT 2000) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' SET timezone = 'UTC' AS $$
DECLARE
  parent  text;
  arrival text;
  day     date;
  child   text;
  strays  text;
  astray  integer;
BEGIN
  FOR day, parent, arrival IN
    SELECT public.usher_now()::date + n, kept.parent, kept.arrival
      FROM generate_series(-1, p_days) AS n,
           (VALUES ('request_history', 'received_at'), ('publications', 'received_at'), ('attempts', 'slot_at')) AS kept(parent, arrival)
     ORDER BY n, kept.parent
  LOOP
    child := parent || to_char(day, '_YYYYMMDD');
    CONTINUE WHEN to_regclass('public.' || child) IS NOT NULL;
    strays := format('FROM ONLY public.%I WHERE %I >= %L AND %I < %L', parent || '_default', arrival, day::timestamptz, arrival, (day + 1)::timestamptz);
    EXECUTE format('SELECT count(*) FROM (SELECT %s LIMIT %s) AS found', strays, p_most + 1) INTO astray;
    CONTINUE WHEN astray > p_most;
    -- Writers wait at the table itself, and find the new partition afterwards; one that was already on its way into the
    -- default partition would be refused there.
    EXECUTE format('LOCK TABLE ONLY public.%I IN SHARE ROW EXCLUSIVE MODE', parent);
    CONTINUE WHEN to_regclass('public.' || child) IS NOT NULL;
    -- Attaching locks the default partition alone against readers; CREATE TABLE ... PARTITION OF would lock them all.
    EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING ALL)', child, parent);
    EXECUTE format('WITH moved AS (DELETE %s RETURNING *) INSERT INTO public.%I SELECT * FROM moved', strays, child);
    EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                   parent, child, day::timestamptz, (day + 1)::timestamptz);
    RETURN child;
  END LOOP;
  RETURN NULL;
END $$;

-- Makes all that are missing, in one transaction -> how many. For people, and for instances of older versions.
CREATE OR REPLACE FUNCTION usher_make_partitions(p_days integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made integer := 0;
BEGIN
  WHILE public.usher_make_partition(p_days) IS NOT NULL LOOP
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;

-- Drops the oldest daily partition whose last row is more than p_days old and of which nothing is needed -> its name.
-- Needed is the history of an id that is still remembered (its outcome may have to be published once more), and the
-- attempt of a claim that is still open. Partitions by other names are somebody else's and stay.
CREATE FUNCTION usher_drop_partition(p_days integer) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' SET timezone = 'UTC' AS $$
DECLARE
  horizon  timestamptz := public.usher_now() - make_interval(days => GREATEST(p_days, 1));
  parent   text;
  child    text;
  day      timestamptz;
  next_day timestamptz;
BEGIN
  FOR parent, child, day IN
    SELECT kept.relname, part.relname, to_date(substring(part.relname FROM '_([0-9]{8})$'), 'YYYYMMDD')
      FROM pg_inherits
      JOIN pg_class AS kept ON kept.oid = inhparent
      JOIN pg_class AS part ON part.oid = inhrelid AND part.relnamespace = 'public'::regnamespace
     WHERE inhparent IN ('public.request_history'::regclass, 'public.publications'::regclass, 'public.attempts'::regclass)
       AND part.relname ~ ('^' || kept.relname || '_[0-9]{8}$')
     ORDER BY 3, 1
  LOOP
    next_day := day + interval '1 day';
    EXIT WHEN next_day > horizon;
    CONTINUE WHEN parent <> 'attempts' AND EXISTS (
      SELECT FROM public.seat_requests WHERE received_at >= day AND received_at < next_day AND state = 'settled');
    CONTINUE WHEN parent = 'attempts' AND EXISTS (
      -- A request arrives before its slot: the condition on its arrival is for the index alone.
      SELECT FROM public.seat_requests
       WHERE received_at < next_day + interval '1 day' AND state <> 'settled' AND slot_at >= day AND slot_at < next_day);
    EXECUTE format('DROP TABLE public.%I', child);
    RETURN child;
  END LOOP;
  RETURN NULL;
END $$;

-- Deletes from the default partitions what a dropped partition would have taken with it -> how many rows, at most p_most a
-- table.
CREATE FUNCTION usher_forget_strays(p_days integer, p_most integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' AS $$
DECLARE
  horizon timestamptz := public.usher_now() - make_interval(days => GREATEST(p_days, 1));
  strays  text;
  gone    integer;
  total   integer := 0;
BEGIN
  FOREACH strays IN ARRAY ARRAY['request_history_default', 'publications_default'] LOOP
    EXECUTE format('
      DELETE FROM ONLY public.%1$I WHERE ctid = ANY (ARRAY(
        SELECT s.ctid FROM ONLY public.%1$I AS s
         WHERE s.received_at < $1 AND NOT EXISTS (
           SELECT FROM public.seat_requests AS k
            WHERE k.sdk_app_id = s.sdk_app_id AND k.request_id = s.request_id AND k.received_at = s.received_at)
         LIMIT $2 FOR UPDATE OF s SKIP LOCKED))', strays) USING horizon, p_most;
    GET DIAGNOSTICS gone = ROW_COUNT;
    total := total + gone;
  END LOOP;
  DELETE FROM ONLY public.attempts_default WHERE ctid = ANY (ARRAY(
    SELECT s.ctid FROM ONLY public.attempts_default AS s
     WHERE s.slot_at < horizon AND NOT EXISTS (
       SELECT FROM public.seat_requests AS k
        WHERE k.sdk_app_id = s.sdk_app_id AND k.request_id = s.request_id AND k.state <> 'settled')
     LIMIT p_most FOR UPDATE OF s SKIP LOCKED));
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN total + gone;
END $$;

-- Forgets ids, at most p_most -> how many. None whose claim stands, and a day later than their messages become too old: between
-- the moment at which a message is found young enough and the look at its id lies the whole of a stall or an outage. A
-- message's own time may lie after its arrival, where the clock that stamped it was ahead.
CREATE FUNCTION usher_forget_ids(p_days integer, p_most integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' AS $$
DECLARE
  horizon timestamptz := public.usher_now() - make_interval(days => GREATEST(p_days, 1) + 1);
  gone    integer;
BEGIN
  DELETE FROM public.seat_requests WHERE ctid = ANY (ARRAY(
    SELECT k.ctid FROM public.seat_requests AS k
     WHERE k.received_at < horizon AND k.state <> 'claimed' AND (k.last_seen_at IS NULL OR k.last_seen_at < horizon)
       AND coalesce(
         (SELECT h.requested_at < horizon FROM public.request_history AS h
           WHERE h.sdk_app_id = k.sdk_app_id AND h.request_id = k.request_id AND h.received_at = k.received_at), true)
     ORDER BY k.received_at LIMIT p_most FOR UPDATE OF k SKIP LOCKED));
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;

-- Forgets what was believed of rooms and has not been seen since, at most p_most facts -> how many.
CREATE FUNCTION usher_forget_facts(p_days integer, p_most integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' AS $$
DECLARE
  horizon timestamptz := public.usher_now() - make_interval(days => GREATEST(p_days, 1));
  gone    integer;
BEGIN
  DELETE FROM public.mirror_facts WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM public.mirror_facts WHERE seen_to < horizon LIMIT p_most FOR UPDATE SKIP LOCKED));
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;

-- Forgets dead letters, at most p_most -> how many.
CREATE FUNCTION usher_forget_dead_letters(p_days integer, p_most integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' AS $$
DECLARE
  horizon timestamptz := public.usher_now() - make_interval(days => GREATEST(p_days, 1));
  gone    integer;
BEGIN
  DELETE FROM public.dead_letters WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM public.dead_letters WHERE seen_at < horizon ORDER BY seen_at LIMIT p_most FOR UPDATE SKIP LOCKED));
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;

COMMENT ON VIEW analytics.mirror_seats IS
  'One row a seat that was seen in the last seven days: what the service believes of it now, and how old that belief is. A seat without a row was not seen for so long. Partition key: none, the table is small; filter by sdk_app_id and room_id.';
COMMENT ON VIEW analytics.dead_letters IS
  'One row a message that could not be taken as a request, kept whole with the reason. Partition key: none, the table is small. Kept for AUDIT_RETENTION_DAYS.';

-- Not for PUBLIC. Whoever was granted usher_make_partitions, to run the service without owning its schema, is granted the rest.
DO $$
DECLARE
  task    text;
  grantee text;
BEGIN
  FOREACH task IN ARRAY ARRAY['usher_make_partition(integer, integer)', 'usher_drop_partition(integer)',
    'usher_forget_strays(integer, integer)', 'usher_forget_ids(integer, integer)', 'usher_forget_facts(integer, integer)',
    'usher_forget_dead_letters(integer, integer)']
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', task);
    FOR grantee IN
      SELECT DISTINCT acl.grantee::regrole::text FROM pg_proc, aclexplode(proacl) AS acl
       WHERE pg_proc.oid = 'usher_make_partitions(integer)'::regprocedure AND acl.privilege_type = 'EXECUTE'
         AND acl.grantee NOT IN (0, proowner)
    LOOP
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', task, grantee);
    END LOOP;
  END LOOP;
END $$;
