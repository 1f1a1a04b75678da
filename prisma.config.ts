import { defineConfig } from 'prisma/config';

/** `prisma generate` and `validate` need no database; `migrate deploy` takes the address from the environment. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_MIGRATION_URL'] ?? process.env['DATABASE_URL'] ?? '' },
});
