import { Injectable } from '@nestjs/common';
import { Vital } from '../commands/ports.js';
import { Database } from './database.js';
import { migrationNames } from './migrations.js';

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

  async ready(): Promise<string | null> {
    const [known, rows] = await Promise.all([
      migrationNames(),
      this.database.once<{ migration_name: string }>(appliedStatement, []),
    ]);
    const applied = new Set(rows.map((row) => row.migration_name));
    const missing = known.filter((name) => !applied.has(name));
    return missing.length > 0
      ? `migrations are missing (${missing.join(', ')}): run npm run db:migrate`
      : null;
  }

  /** Makes no claim: a quiet service asks Postgres for little. */
  lastProgress(): null {
    return null;
  }
}
