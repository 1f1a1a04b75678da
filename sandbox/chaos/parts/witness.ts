import pg from 'pg';

/**
 * Notes every claim in the transaction that makes it: the row of the attempts is rewritten later, and only a row that is
 * never touched again tells by its `xmin` when its transaction was committed.
 */
const witness = `
CREATE SCHEMA witness;
CREATE TABLE witness.claims (nonce uuid, request_id text, room_id text, command text, attempt integer, instance_id text, slot_at timestamptz);
CREATE FUNCTION witness.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO witness.claims
  SELECT nonce, request_id, room_id, command, attempt, instance_id, slot_at FROM added;
  RETURN NULL;
END $$;
CREATE TRIGGER witnessed AFTER INSERT ON attempts REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION witness.note();`;

/** Server settings that the witness needs. */
export const witnessSettings = { track_commit_timestamp: 'on' } as const;

/** Lets a migrated database note its claims; the service does not notice. */
export async function placeWitness(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(witness);
  await client.end();
}
