import { Injectable } from '@nestjs/common';
import { Vital } from '../commands/ports.js';
import { Database, isUndefinedTable } from './database.js';
import { migrationNames } from './migrations.js';

interface Applied {
  readonly migration_name: string;
}

const appliedStatement = {
  name: 'applied migrations',
  text: 'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
};

/** Postgres is ready when it answers and has every migration that this version knows. */
@Injectable()
export class PostgresVital extends Vital {
  readonly name = 'postgres';

  constructor(private readonly database: Database) {
    super();
  }

  ready(): Promise<string | null> {
    return missing(this.database.once<Applied>(appliedStatement, []));
  }

  /** Waits for Postgres as long as it takes → what is missing there, or null. */
  whenReached(): Promise<string | null> {
    return missing(this.database.run<Applied>(appliedStatement, []));
  }

  /** Makes no claim: a quiet service asks Postgres for little. */
  lastProgress(): null {
    return null;
  }
}

async function missing(asked: Promise<readonly Applied[]>): Promise<string | null> {
  const rows = await asked.catch((error: unknown) => {
    if (isUndefinedTable(error)) return [];
    throw error;
  });
  const applied = new Set(rows.map(({ migration_name }) => migration_name));
  const names = (await migrationNames()).filter((name) => !applied.has(name));
  return names.length > 0 ? `migrations are missing (${names.join(', ')}): run npm run db:migrate` : null;
}
