import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../support/eventually.js';

const program = fileURLToPath(new URL('./starts-a-child.ts', import.meta.url));

interface Started {
  readonly pid: number;
  readonly child: number;
  readonly folder: string;
}

/** A program that starts a child which ignores SIGTERM, and makes a temporary folder. */
async function startProgram(): Promise<Started> {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const started = spawn(process.execPath, ['--import', 'tsx', program], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface({ input: started.stdout }), 'line')) as [string];
  return { pid: started.pid ?? 0, ...(JSON.parse(line) as { child: number; folder: string }) };
}

/** A zombie is gone, too: nobody may be there to collect it. */
function isGone(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

describe('a child and a temporary folder', () => {
  it.each(['SIGKILL', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'do not outlive a parent that ends by %s',
    async (signal) => {
      const started = await startProgram();
      expect(isGone(started.child)).toBe(false);
      process.kill(started.pid, signal);
      await eventually(() => isGone(started.child), { within: 8000, what: 'the child is gone' });
      await eventually(() => !existsSync(started.folder), { within: 2000, what: 'the folder is gone' });
    },
  );

  it('do not outlive a parent that dies of an error', async () => {
    const started = await startProgram();
    process.kill(started.pid, 'SIGUSR2');
    await eventually(() => isGone(started.child), { within: 8000, what: 'the child is gone' });
    await eventually(() => !existsSync(started.folder), { within: 2000, what: 'the folder is gone' });
  });
});
