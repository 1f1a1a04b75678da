import pg from 'pg';
import type { ClaimSeen, RecordedRow } from '../history.js';

const epochMs = (time: string): string => `extract(epoch FROM ${time})::float8 * 1000`;

/** Never rewritten, so their `xmin` is the transaction that made them. */
const committedAt = epochMs('pg_xact_commit_timestamp(xmin)');

const claims = `
SELECT nonce, request_id AS "requestId", room_id AS "roomId", command, attempt, instance_id AS "instanceId",
       ${epochMs('slot_at')} AS "slotAt", ${committedAt} AS "committedAt"
  FROM witness.claims`;

const recorded = `
SELECT request_id AS "requestId", value, headers, ${committedAt} AS "committedAt" FROM request_history`;

/** What the tables hold: every claim that was ever committed, and every recorded outcome. */
export async function readTables(
  databaseUrl: string,
): Promise<{ claims: ClaimSeen[]; recorded: RecordedRow[] }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return {
      claims: (await client.query<ClaimSeen>(claims)).rows,
      recorded: (await client.query<RecordedRow>(recorded)).rows,
    };
  } finally {
    await client.end();
  }
}
