import { fileURLToPath } from 'node:url';
import { startChild } from '../parts/child.js';
import type { Child } from '../parts/child.js';
import { until } from '../parts/until.js';

const main = fileURLToPath(new URL('../twin/main.ts', import.meta.url));

/** Starts the twin as a process of its own, so that our drawing does not disturb its measuring. */
export async function startTwinProcess(): Promise<{ readonly url: string; readonly child: Child }> {
  let url: string | null = null;
  const onLine = (line: string): void => {
    if (line.startsWith('http://')) url ??= line;
  };
  const child = await startChild(process.execPath, ['--import', 'tsx', main], { onLine });
  const told = (): Promise<string | null> => {
    if (!child.isRunning()) throw new Error(`the twin ended while starting:\n${child.lastLines()}`);
    return Promise.resolve(url);
  };
  return { url: await until(told, 30_000, () => `the twin does not start:\n${child.lastLines()}`), child };
}
