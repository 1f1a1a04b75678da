import pg from 'pg';

/** Opens a connection for as long as `use` runs. */
export async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Runs `use` as a role of the database and rolls back whatever it did. */
export async function actingAs<T>(client: pg.Client, role: string, use: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    await client.query(`SET LOCAL ROLE ${role}`);
    return await use();
  } finally {
    await client.query('ROLLBACK');
  }
}

/** The SQLSTATE with which a statement was refused, or `accepted`. */
export async function refusal(statement: Promise<unknown>): Promise<string | undefined> {
  try {
    await statement;
    return 'accepted';
  } catch (error) {
    return error instanceof pg.DatabaseError ? error.code : String(error);
  }
}
