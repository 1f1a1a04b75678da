import pg from 'pg';
import { startKafka } from '../../sandbox/parts/kafka.js';
import { startPostgres } from '../../sandbox/parts/postgres.js';
import { templateName } from './template.js';

interface Stoppable {
  stop(): Promise<void>;
}

/** The one Postgres and the one Kafka of a run, each started when it is first asked for. Lives in Jest's main process. */
export class SharedParts {
  private readonly started = new Map<string, Promise<object>>();
  private readonly running: Stoppable[] = [];

  private readonly starters: Readonly<Record<string, () => Promise<object>>> = {
    postgres: async () => {
      const { url } = this.keep(await startPostgres());
      await createTemplate(url);
      return { url };
    },
    kafka: async () => {
      const { brokers } = this.keep(await startKafka());
      return { brokers };
    },
  };

  /** Its address; a part that cannot be had fails for every spec file that asks. */
  async get(name: string): Promise<object> {
    const start = this.starters[name];
    if (start === undefined) throw new Error(`no part is called ${name}`);
    const part = this.started.get(name) ?? start();
    this.started.set(name, part);
    return part;
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.started.values());
    await Promise.all(this.running.map((part) => part.stop()));
  }

  private keep<T extends Stoppable>(part: T): T {
    this.running.push(part);
    return part;
  }
}

/** A migrated database that `freshDatabase` copies: migrating anew for every spec file would cost seconds. */
async function createTemplate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${templateName}`);
    const template = new URL(url);
    template.pathname = `/${templateName}`;
    // Only here: who needs Kafka alone does not pay for Prisma's engine.
    const { applyMigrations } = await import('../../src/postgres/migrations.js');
    await applyMigrations(template.href);
    // Nobody may connect to it any more: a database can only be copied while it has no sessions.
    await client.query(`alter database ${templateName} with allow_connections false is_template true`);
  } finally {
    await client.end();
  }
}
