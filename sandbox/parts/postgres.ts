import { join } from 'node:path';
import pg from 'pg';
import { startChild } from './child.js';
import type { Child } from './child.js';
import { freePort } from './free-port.js';
import { createCluster, postgresOwner, postgresPrograms } from './postgres-cluster.js';
import { removeFolder, temporaryFolder } from './temp-folder.js';
import { until } from './until.js';

/** A real Postgres on 127.0.0.1, in a temporary folder, durable as in production (fsync and synchronous_commit on). */
export interface Postgres {
  /** Superuser's address of the database `postgres`, password included; the same after every restart. */
  readonly url: string;
  readonly port: number;
  /** Of the postmaster; changes with every start. */
  readonly pid: number;
  /** Ends it at once and without any order, as a power cut would; `start` brings it back on the same data and port. */
  crash(): Promise<void>;
  /** Shuts it down in good order (open sessions are cut); `start` brings it back on the same data and port. */
  shutDown(): Promise<void>;
  start(): Promise<void>;
  /** Shuts it down and removes its data. */
  stop(): Promise<void>;
}

/** Server settings, as in postgresql.conf; they win over the sandbox's own. */
export type PostgresSettings = Readonly<Record<string, string | number>>;

const sandboxSettings = { max_connections: 200, listen_addresses: '127.0.0.1', unix_socket_directories: '' };

/** Starts a Postgres with an empty database on a free port: about a second. */
export async function startPostgres(
  options: { readonly settings?: PostgresSettings } = {},
): Promise<Postgres> {
  const folder = await temporaryFolder('postgres');
  const programs = await postgresPrograms(folder);
  const owner = await postgresOwner();
  const data = join(folder, 'data');
  const password = await createCluster({ folder, data, programs, owner });
  const port = await freePort();
  const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  const settings = { ...sandboxSettings, port, ...options.settings };
  const args = [
    '-D',
    data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];

  const launch = async (): Promise<Child> => {
    // SIGQUIT: at once and clean (shared memory is given back), which is right for data that is thrown away.
    const child = await startChild(programs.postgres, args, { owner, stopSignal: 'SIGQUIT' });
    await until(
      () => answers(url, child),
      30_000,
      () => `Postgres does not answer:\n${child.lastLines()}`,
    );
    return child;
  };
  let child = await launch();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.signal(signal);
    await child.exited;
  };
  return {
    url,
    port,
    get pid() {
      return child.pid;
    },
    crash: () => end('SIGKILL'),
    shutDown: () => end('SIGINT'),
    start: async () => {
      child = await launch();
    },
    stop: async () => {
      await child.stop();
      await removeFolder(folder);
    },
  };
}

/** Null as long as it is not ready; throws where waiting is in vain. */
async function answers(url: string, child: Child): Promise<true | null> {
  if (!child.isRunning()) throw new Error(`Postgres ended while starting:\n${child.lastLines()}`);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return null;
  } finally {
    await client.end();
  }
}
