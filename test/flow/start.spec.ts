import { startUsher } from '../../sandbox/parts/usher.js';
import { freePort } from '../../sandbox/parts/free-port.js';
import { twinSdkAppId, twinSecretKey } from '../../sandbox/twin/credentials.js';
import { freshDatabase } from '../support/database.js';
import { postgres } from '../support/parts.js';

/** Nobody listens on port 1. */
const nowhere = '127.0.0.1:1';
const settings = {
  KAFKA_BROKERS: nowhere,
  TENCENT_BASE_URL: `http://${nowhere}`,
  TENCENT_SDK_APP_ID: String(twinSdkAppId),
  TENCENT_SECRET_KEY: twinSecretKey,
  LOG_LEVEL: 'error',
};

/** What an instance says before it gives up, and its exit code. */
async function ending(
  environment: Readonly<Record<string, string>>,
): Promise<{ code: number | null; said: string }> {
  const usher = await startUsher(environment, { readyWithinMs: null });
  const { code } = await usher.exited;
  return { code, said: usher.log.join('\n') };
}

describe('an instance that cannot start says why, and what to do', () => {
  it('all that is wrong with its settings, at once', async () => {
    const { code, said } = await ending({ ...settings, REQUEST_TTL_MS: '1', TENCENT_SDK_APP_ID: 'mine' });
    expect(code).toBe(78);
    for (const name of ['DATABASE_URL', 'REQUEST_TTL_MS', 'TENCENT_SDK_APP_ID']) expect(said).toContain(name);
    expect(said).not.toContain(twinSecretKey);
  });

  it('that the database was never migrated', async () => {
    // The database `postgres` itself: only copies of a template are migrated.
    const { url } = await postgres();
    const { code, said } = await ending({ ...settings, DATABASE_URL: url });
    expect({ code, said }).toEqual({
      code: 1,
      said: expect.stringContaining('npm run db:migrate') as unknown,
    });
  });

  it('that Kafka cannot be reached', async () => {
    const fresh = await freshDatabase();
    const { code, said } = await ending({ ...settings, DATABASE_URL: fresh.url });
    await fresh.drop();
    expect(code).toBe(1);
    expect(said).toContain('Kafka cannot be used');
    expect(said).toContain('KAFKA_BROKERS');
  });
});

it('an instance that waits for Postgres is alive and not ready', async () => {
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const environment = {
    ...settings,
    DATABASE_URL: `postgresql://nobody:secret@${nowhere}/none`,
    HTTP_PORT: port,
  };
  const usher = await startUsher(environment, { readyWithinMs: null });
  let live: Response | undefined;
  while (!live) live = await fetch(`${url}/health/live`).catch(() => undefined);
  expect(live.status).toBe(200);
  const ready = await fetch(`${url}/health/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ missing: { postgres: expect.any(String) as unknown } });
  await usher.kill();
});
