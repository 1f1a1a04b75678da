import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, readStamp } from './fingerprint.mjs';
import { prepare, program, root } from './run.mjs';

const stamp = 'src/postgres/generated/.made-from';

/** Generates the Prisma client where the schema has changed since. */
export async function generatePrismaClient() {
  const source = fingerprint('prisma/schema.prisma', 'prisma.config.ts', 'node_modules/prisma/package.json');
  if (readStamp(stamp) === source) return;
  await prepare('generating the Prisma client', program('prisma'), ['generate'], {
    // `generate` never runs the schema engine, but would download it; any executable stops that.
    PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  });
  writeFileSync(join(root, stamp), source);
}
