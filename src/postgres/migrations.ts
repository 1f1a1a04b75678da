import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { withSchemaEngine } from './schema-engine.js';

/** Any number that nobody else uses: whoever migrates first, the others wait for it. */
const migrationLock = 8_374_201;

const folder = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/**
 * Applies what is missing of `prisma/migrations` → names of what was applied. Several may run at once: Prisma's engine
 * gives up after 10 s of waiting for its lock, so an advisory lock of our own comes first.
 */
export async function applyMigrations(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'usher migrate' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    const filters = { externalTables: [], externalEnums: [] };
    const migrations = await migrationsList();
    return await withSchemaEngine(url, async (engine) => {
      const applied = await engine.applyMigrations({ migrationsList: migrations, filters });
      return applied.appliedMigrationNames;
    });
  } finally {
    await client.end();
  }
}

/** The names of all migrations, oldest first. */
export async function migrationNames(): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function migrationsList() {
  const read = (path: string): Promise<string> => readFile(join(folder, path), 'utf8');
  const migrationDirectories = await Promise.all(
    (await migrationNames()).map(async (path) => ({
      path,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: await read(join(path, 'migration.sql')) },
      },
    })),
  );
  const lockfile = { path: 'migration_lock.toml', content: await read('migration_lock.toml') };
  return { baseDir: folder, lockfile, shadowDbInitScript: '', migrationDirectories };
}
