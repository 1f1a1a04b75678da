const epochMs = (time: string): string => `extract(epoch FROM ${time})::float8 * 1000`;

/** Claims whose quiet time was over `$1` milliseconds ago. */
export const overdueStatement = {
  name: 'overdue',
  text: `
SELECT nonce::text AS nonce FROM seat_requests
 WHERE state = 'claimed' AND quiet_at < usher_now() - $1::float8 * interval '1 millisecond'`,
};

/** Releases the claims with the nonces of `$2`. `$1`: the answer that counts for them, told as of the slot. */
export const abandonStatement = {
  name: 'abandon',
  text: `
UPDATE seat_requests AS k SET state = 'released', nonce = gen_random_uuid(),
       answers = k.answers || jsonb_build_array($1::jsonb || jsonb_build_object(
         'sentAt', ${epochMs('k.slot_at')}, 'answeredAt', ${epochMs('k.slot_at')}))
 WHERE k.state = 'claimed' AND k.nonce = ANY ($2::uuid[])
RETURNING k.request_id AS "requestId", k.room_id AS "roomId"`,
};
