import { fileURLToPath } from 'node:url';
import { TwinControl } from '../twin/client.js';
import type { TwinOptions } from '../twin/options.js';
import { startChild } from './child.js';
import type { Child } from './child.js';
import { until } from './until.js';

const main = fileURLToPath(new URL('../twin/main.ts', import.meta.url));

/** The twin as a process of its own, so that whoever works it does not disturb its measuring. */
export interface TwinProcess {
  readonly url: string;
  readonly control: TwinControl;
  readonly child: Child;
}

/** Starts it and waits for its address: about a second. */
export async function startTwinProcess(options: Partial<TwinOptions> = {}): Promise<TwinProcess> {
  let url: string | null = null;
  const onLine = (line: string): void => {
    if (line.startsWith('http://')) url ??= line;
  };
  const env = { ...process.env, NODE_OPTIONS: '', TWIN_OPTIONS: JSON.stringify(options) };
  const child = await startChild(process.execPath, ['--import', 'tsx', main], { env, onLine });
  const told = (): Promise<string | null> => {
    if (!child.isRunning()) throw new Error(`the twin ended while starting:\n${child.lastLines()}`);
    return Promise.resolve(url);
  };
  const address = await until(told, 30_000, () => `the twin does not start:\n${child.lastLines()}`);
  return { url: address, control: new TwinControl(address), child };
}
