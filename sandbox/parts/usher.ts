import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from './child.js';
import type { Exit } from './child.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

/** One running instance of the service, as in production: `node dist/main.js`. */
export interface Usher {
  readonly pid: number;
  /** Of its health, metrics and API. */
  readonly url: string;
  /** Every line it has logged so far. */
  readonly log: readonly string[];
  readonly exited: Promise<Exit>;
  /** SIGTERM, and how it ended; SIGKILL after `withinMs` (default 20 s). */
  stop(withinMs?: number): Promise<Exit>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Any other signal: SIGSTOP, SIGCONT. */
  signal(name: NodeJS.Signals): void;
}

export interface UsherOptions {
  /** How long it may take to be ready, default 30 s; null: do not wait. */
  readonly readyWithinMs?: number | null;
  readonly onLine?: (line: string) => void;
  /** The folder of the build to run; default `dist` of this project. */
  readonly dist?: string;
}

const built = fileURLToPath(new URL('../../dist', import.meta.url));

/** What a process needs to run at all. No setting of the caller's own environment reaches the instance by accident. */
const inherited = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot'];

/** Starts an instance with these settings (HTTP_PORT: a free one unless given) and waits until it is ready. */
export async function startUsher(
  environment: Readonly<Record<string, string>>,
  options: UsherOptions = {},
): Promise<Usher> {
  const env: Record<string, string | undefined> = { HTTP_PORT: String(await freePort()), ...environment };
  for (const name of inherited) env[name] ??= process.env[name];
  const url = `http://${env['HTTP_HOST'] ?? '127.0.0.1'}:${env['HTTP_PORT'] ?? ''}`;

  const log: string[] = [];
  const onLine = (line: string): void => {
    log.push(line);
    options.onLine?.(line);
  };
  const main = join(options.dist ?? built, 'main.js');
  const child = await startChild(process.execPath, ['--enable-source-maps', main], { env, onLine });
  const asked = async (): Promise<true | null> => {
    if (!child.isRunning()) throw new Error(`the instance ended while starting:\n${child.lastLines()}`);
    return (await isReady(url)) ? true : null;
  };
  const withinMs = options.readyWithinMs === undefined ? 30_000 : options.readyWithinMs;
  if (withinMs !== null)
    await until(asked, withinMs, () => `the instance is not ready:\n${child.lastLines()}`);
  return {
    pid: child.pid,
    url,
    log,
    exited: child.exited,
    stop: (withinMs = 20_000) => child.stop(withinMs),
    kill: async () => {
      child.signal('SIGKILL');
      await child.exited;
    },
    signal: (name) => {
      child.signal(name);
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).ok;
  } catch {
    return false;
  }
}
