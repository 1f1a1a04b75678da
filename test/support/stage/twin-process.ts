import { fileURLToPath } from 'node:url';
import { startChild } from '../../../sandbox/parts/child.js';
import { TwinControl } from '../../../sandbox/twin/client.js';
import type { TwinOptions } from '../../../sandbox/twin/options.js';
import { eventually } from '../eventually.js';

const main = fileURLToPath(new URL('../../../sandbox/twin/main.ts', import.meta.url));

/** The twin as a process of its own, so that a busy test does not disturb its measuring. */
export async function startTwinProcess(
  options: Partial<TwinOptions>,
): Promise<{ url: string; control: TwinControl; stop(): Promise<void> }> {
  let url = '';
  const env = { ...process.env, NODE_OPTIONS: '', TWIN_OPTIONS: JSON.stringify(options) };
  const child = await startChild(process.execPath, ['--import', 'tsx', main], {
    env,
    onLine: (line) => {
      if (line.startsWith('http://')) url ||= line;
    },
  });
  await eventually(() => url !== '', { within: 20_000, what: 'the twin prints its address' });
  return {
    url,
    control: new TwinControl(url),
    stop: async () => {
      await child.stop();
    },
  };
}
