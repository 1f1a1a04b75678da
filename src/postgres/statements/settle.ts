import { forgetUndone, toldFrom, upsertFacts } from './facts.js';
import { answerColumns, insertHistory, sameSlot, settlements } from './history.js';

/**
 * Requests that made a call: key, history, mirror (`$3`) and audit of the attempt, in one. Whoever names a nonce that no
 * longer stands has lost; what its answer told the mirror is true all the same.
 */
export const settleStatement = {
  name: 'settle',
  text: `
WITH input AS MATERIALIZED (${settlements}),
told AS MATERIALIZED (${toldFrom('$3')}),
facts AS (${upsertFacts}),
forgotten AS (${forgetUndone}),
keys AS (
  -- The history lies under the arrival that its outcome tells: of a message that came twice, the settling owner's.
  UPDATE seat_requests AS k SET state = 'settled', call = NULL, answers = NULL, nonce = NULL,
    received_at = to_timestamp(i.received_at / 1000)
    FROM input AS i
   WHERE k.sdk_app_id = i.sdk_app_id AND k.request_id = i.request_id AND k.nonce = i.prior AND k.state <> 'settled'
     -- The mirror's rows are locked first, here as in every other statement.
     AND (SELECT count(*) FROM facts) + (SELECT count(*) FROM forgotten) >= 0
  RETURNING k.sdk_app_id, k.request_id),
settled AS (SELECT i.* FROM input AS i JOIN keys USING (sdk_app_id, request_id)),
history AS (${insertHistory}),
audit AS (
  UPDATE attempts AS a SET ${answerColumns('i.answer')}
    FROM input AS i WHERE i.answer IS NOT NULL AND ${sameSlot} AND a.nonce = i.prior)
SELECT i.ord::integer - 1 AS at, CASE WHEN k.request_id IS NULL THEN 'lost' ELSE 'recorded' END AS result
  FROM input AS i LEFT JOIN keys AS k USING (sdk_app_id, request_id)`,
};
