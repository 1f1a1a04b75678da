import { fileURLToPath } from 'node:url';
import { startChild } from './child.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Applies the migrations as an operator would: `node dist/cli.js migrate`. */
export async function migrate(databaseUrl: string): Promise<void> {
  const env = { ...process.env, DATABASE_URL: databaseUrl, DATABASE_MIGRATION_URL: databaseUrl };
  const child = await startChild(process.execPath, [cli, 'migrate'], { env });
  const { code } = await child.exited;
  if (code !== 0) throw new Error(`the migrations could not be applied:\n${child.lastLines()}`);
}
