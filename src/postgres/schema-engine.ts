import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPg } from '@prisma/adapter-pg';
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg';

let ready: Promise<void> | null = null;

/**
 * Prisma's own schema engine, from its WebAssembly build: it needs no downloaded binary, and `_prisma_migrations` stays
 * what `prisma migrate deploy` expects. Its connections are closed with it; a live one keeps the lock on the migrations.
 */
export async function withSchemaEngine<T>(
  url: string,
  use: (engine: engine.SchemaEngine) => Promise<T>,
): Promise<T> {
  ready ??= instantiate();
  await ready;
  const factory = new WholeScripts({ connectionString: url });
  const adapter = bindMigrationAwareSqlAdapterFactory(factory);
  const running = await engine.SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter);
  try {
    return await use(running);
  } finally {
    running.free();
    await factory.close();
  }
}

/**
 * The adapter cuts a script at every semicolon, those in comments and function bodies too, and commits each piece alone
 * (adapter-pg 7.10.0). Sent whole, a migration is one transaction: all of it or nothing.
 */
class WholeScripts extends PrismaPg {
  private readonly opened: { dispose(): Promise<void> }[] = [];

  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    this.opened.push(adapter);
    adapter.executeScript = async (script) => {
      await adapter.underlyingDriver().query(script);
    };
    return adapter;
  }

  async close(): Promise<void> {
    await Promise.all(this.opened.map((adapter) => adapter.dispose()));
  }
}

async function instantiate(): Promise<void> {
  const file = createRequire(import.meta.url)
    .resolve('@prisma/schema-engine-wasm/schema_engine_bg')
    .replace(/\.js$/, '.wasm');
  const imports = { './schema_engine_bg.js': withoutHolding(engine) };
  const { instance } = await WebAssembly.instantiate(await readFile(file), imports);
  engine.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

/** The engine leaves a timer of ten seconds behind, for a lock that it has long got: the process must not wait for it. */
function withoutHolding(glue: object): object {
  const held = Object.entries(glue).map(([name, value]: [string, unknown]): [string, unknown] => {
    if (!name.startsWith('__wbg_setTimeout_') || typeof value !== 'function') return [name, value];
    const start = value as (...args: unknown[]) => NodeJS.Timeout;
    return [name, (...args: unknown[]) => start(...args).unref()];
  });
  return Object.fromEntries(held);
}
