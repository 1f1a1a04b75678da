/**
 * What the answers told, into the mirror: the same rule as `mergeFacts` of the seating, row by row under the row's lock.
 * `told` is a CTE of (sdk_app_id, room_id, subject, seat_index, member_account, state, occupant, source, seen_from,
 * seen_to, draw), one row a key. Rows are sorted by key, or two batches could lock them crosswise.
 */
export const upsertFacts = `
  INSERT INTO mirror_facts AS known (sdk_app_id, room_id, subject, seat_index, member_account, state, occupant, source, seen_from, seen_to, draw)
  SELECT sdk_app_id, room_id, subject, seat_index, member_account, state, occupant, source, seen_from, seen_to, draw
    FROM told ORDER BY sdk_app_id, room_id, subject, seat_index, member_account
  ON CONFLICT (sdk_app_id, room_id, subject, seat_index, member_account) DO UPDATE SET
    (state, occupant, version, draw, source, seen_from, seen_to) = (
      SELECT CASE WHEN agrees THEN known.state WHEN newer THEN excluded.state ELSE 'unknown' END,
             CASE WHEN agrees THEN coalesce(excluded.occupant, known.occupant) WHEN newer THEN excluded.occupant END,
             CASE WHEN agrees THEN known.version ELSE known.version + 1 END,
             CASE WHEN agrees THEN known.draw ELSE excluded.draw END,
             CASE WHEN excluded.seen_to >= known.seen_to THEN excluded.source ELSE known.source END,
             greatest(known.seen_from, excluded.seen_from),
             greatest(known.seen_to, excluded.seen_to)
        FROM (SELECT known.state = excluded.state
                     AND (known.occupant IS NULL OR known.occupant = excluded.occupant
                          OR excluded.occupant IS NULL AND excluded.seen_from <= known.seen_to) AS agrees,
                     excluded.seen_from > known.seen_to AS newer) AS judged)
   WHERE excluded.seen_to >= known.seen_from
  RETURNING 1`;

/**
 * What cannot be so any more: whoever was just seen on one seat sits on no other, whoever is not in the room sits nowhere,
 * and of a room that is gone nothing holds. It stays unknown for whatever is older than what forgot it.
 */
export const forgetUndone = `
  UPDATE mirror_facts AS old SET state = 'unknown', occupant = NULL, version = old.version + 1,
         seen_from = greatest(old.seen_from, told.seen_from), seen_to = greatest(old.seen_to, told.seen_to)
    FROM told
   WHERE old.sdk_app_id = told.sdk_app_id AND old.room_id = told.room_id AND old.seen_to < told.seen_from
     AND (old.subject = 'seat' AND old.state = 'held'
          AND (told.subject = 'seat' AND told.state = 'held' AND old.occupant = told.occupant AND old.seat_index <> told.seat_index
               OR told.subject = 'member' AND told.state = 'absent' AND old.occupant = told.member_account)
          OR told.subject = 'room' AND told.state = 'missing' AND old.subject <> 'room' AND old.state <> 'unknown')
     AND NOT EXISTS (SELECT FROM told AS same WHERE same.sdk_app_id = old.sdk_app_id AND same.room_id = old.room_id
                        AND same.subject = old.subject AND same.seat_index = old.seat_index
                        AND same.member_account = old.member_account)
  RETURNING 1`;

/** The parameter of `told`: a JSON list of facts; times are epoch milliseconds. */
export const toldFrom = (parameter: string): string => `
  SELECT sdk_app_id, room_id, subject, seat_index, member_account, state, occupant, source,
         to_timestamp(seen_from / 1000) AS seen_from, to_timestamp(seen_to / 1000) AS seen_to, draw
    FROM json_to_recordset(${parameter}::json) AS t(sdk_app_id bigint, room_id text, subject text, seat_index bigint,
         member_account text, state text, occupant text, source text, seen_from float8, seen_to float8, draw float8)`;
