import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startUsher } from '../../sandbox/parts/usher.js';
import type { Usher } from '../../sandbox/parts/usher.js';
import type { CrashPoint } from './point.js';
import { sceneOf } from './scenes.js';

const preload = fileURLToPath(new URL('./halt.mjs', import.meta.url));

/** SIGSTOP: there, silent, its connections open. SIGKILL: gone from one moment to the next. */
export type CrashSignal = 'SIGSTOP' | 'SIGKILL';

/** An instance that stops for good at one point of its message's way. */
export interface Victim {
  readonly point: CrashPoint;
  readonly clientId: string;
  readonly usher: Usher;
  /** By which it knows its message: some text of it. */
  readonly mark: string;
}

/** Starts one, without waiting until it is ready. */
export async function startVictim(
  point: CrashPoint,
  clientId: string,
  signal: CrashSignal,
  settings: Readonly<Record<string, string>>,
): Promise<Victim> {
  const { twist = null, settings: own = {} } = sceneOf(point.scene);
  const mark = `${clientId} stops here`;
  const crashAt = JSON.stringify({ ...point.stop, mark, twist, signal });
  const environment = { KAFKA_CLIENT_ID: clientId, CRASH_AT: crashAt, NODE_OPTIONS: `--import ${preload}` };
  const usher = await startUsher({ ...settings, ...own, ...environment }, { readyWithinMs: null });
  return { point, clientId, usher, mark };
}

/** Whether it takes messages in. */
export function hasStarted({ usher }: Victim): boolean {
  return usher.log.some((line) => line.includes('taking requests in'));
}

/** Where it said that it has stopped; null as long as it has not. */
export function saidBy({ usher }: Victim): { readonly partition: number; readonly offset: number } | null {
  const said = usher.log.map((line) => /^halted at the crash point (\{.*\})$/.exec(line)?.[1]).find(Boolean);
  if (said === undefined) return null;
  const { partition, offset } = JSON.parse(said) as { partition: number; offset: string };
  return { partition, offset: Number(offset) };
}

/** Whether the process is as the signal leaves it: killed by it, or stopped (where the system tells). */
export async function isDown({ usher }: Victim, signal: CrashSignal): Promise<boolean> {
  if (signal === 'SIGKILL') return (await usher.exited).signal === 'SIGKILL';
  if (process.platform !== 'linux') return true;
  const stat = await readFile(`/proc/${usher.pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
}
