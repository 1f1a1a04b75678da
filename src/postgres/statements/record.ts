import { insertHistory, settlements } from './history.js';

/**
 * Requests that end without a call. `$3` lists the facts they rest on: those that still stand are locked until the commit,
 * so a prediction is recorded only while its evidence stands. Of one room's requests none is recorded after one that is not,
 * because it must be decided again or another owner has it: rivals keep their order. An id that another owner was just
 * inserting shows only as a conflict, when those behind it are inserted already: then all is done again.
 */
export const recordStatement = {
  name: 'record',
  text: `
WITH input AS MATERIALIZED (${settlements}),
premises AS MATERIALIZED (
  SELECT p.no FROM json_to_recordset($3::json) AS p(no integer, sdk_app_id bigint, room_id text, subject text,
                     seat_index bigint, member_account text, version bigint)
    JOIN mirror_facts AS f ON f.sdk_app_id = p.sdk_app_id AND f.room_id = p.room_id AND f.subject = p.subject
     AND f.seat_index = p.seat_index AND f.member_account = p.member_account AND f.version = p.version
   ORDER BY f.sdk_app_id, f.room_id, f.subject, f.seat_index, f.member_account
     FOR SHARE OF f),
judged AS MATERIALIZED (
  SELECT i.*, k.request_id IS NOT NULL AS known,
         bool_and((i.premise IS NULL OR p.no IS NOT NULL) AND k.request_id IS NULL)
           OVER (PARTITION BY i.sdk_app_id, i.room_id ORDER BY i.ord) AS stands
    FROM input AS i LEFT JOIN premises AS p ON p.no = i.premise
    LEFT JOIN seat_requests AS k ON k.sdk_app_id = i.sdk_app_id AND k.request_id = i.request_id),
keys AS (
  INSERT INTO seat_requests (sdk_app_id, request_id, digest, state, received_at, room_id, seat_index, member_account)
  SELECT sdk_app_id, request_id, digest, 'settled', to_timestamp(received_at / 1000), room_id, seat_index, member_account
    FROM judged WHERE stands ORDER BY sdk_app_id, request_id
  ON CONFLICT DO NOTHING RETURNING sdk_app_id, request_id),
settled AS (SELECT j.* FROM judged AS j JOIN keys USING (sdk_app_id, request_id)),
history AS (${insertHistory})
SELECT j.ord::integer - 1 AS at,
       CASE WHEN j.known THEN 'known' WHEN NOT j.stands THEN 'stale' ELSE 'recorded' END AS result
  FROM judged AS j
 WHERE CASE WHEN (SELECT count(*) FROM keys) = (SELECT count(*) FROM judged WHERE stands) THEN true ELSE usher_look_again() END`,
};
