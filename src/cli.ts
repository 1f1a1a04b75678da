import { ConfigurationError } from './config/configuration-error.js';
import { databaseSettingsOfProcess } from './config/environment.js';
import { applyMigrations } from './postgres/migrations.js';

const usage = `usage: node dist/cli.js <command>

  migrate   apply what is missing of prisma/migrations to the database
`;

/** The verbs of operators. */
async function run(verb: string | undefined): Promise<number> {
  if (verb !== 'migrate') {
    process.stderr.write(usage);
    return 64;
  }
  const applied = await applyMigrations(databaseSettingsOfProcess().migrationUrl);
  process.stdout.write(applied.length > 0 ? `applied: ${applied.join(', ')}\n` : 'nothing to apply\n');
  return 0;
}

try {
  process.exitCode = await run(process.argv[2]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ConfigurationError ? 78 : 1;
}
