import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../support/eventually.js';

const program = fileURLToPath(new URL('./starts-a-child.ts', import.meta.url));

interface Started {
  readonly child: number;
  readonly folder: string;
}

/** The program, and what it tells of having started. */
async function startProgram(...args: readonly string[]) {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const started = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const told: Started[] = [];
  createInterface({ input: started.stdout }).on('line', (line) => told.push(JSON.parse(line) as Started));
  const ended = once(started, 'close') as Promise<[number | null]>;
  await eventually(() => told.length > 0, { within: 10_000, what: 'the program has started its child' });
  return { signal: (name: NodeJS.Signals) => started.kill(name), ended, told };
}

/** A zombie is gone, too: nobody may be there to collect it. */
function isGone(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

async function expectNothingLeft(told: readonly Started[]): Promise<void> {
  const isLeft = ({ child, folder }: Started): boolean => !isGone(child) || existsSync(folder);
  await eventually(() => !told.some(isLeft), { within: 8000, what: 'children and folders are gone' });
}

describe('a child and a temporary folder', () => {
  it.each(['SIGKILL', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'do not outlive a parent that ends by %s',
    async (signal) => {
      const { signal: send, ended, told } = await startProgram();
      expect(told.map(({ child }) => isGone(child))).toEqual([false]);
      send(signal);
      await ended;
      await expectNothingLeft(told);
    },
  );

  it('do not outlive a parent that dies of an error', async () => {
    const { signal, ended, told } = await startProgram();
    signal('SIGUSR2');
    await ended;
    await expectNothingLeft(told);
  });
});

describe('ending everything on a signal', () => {
  it('is over when the process ends, starts nothing more, and gives the exit code', async () => {
    const { signal, ended, told } = await startProgram('orderly');
    signal('SIGINT');
    signal('SIGINT'); // As a terminal and npm both send it.
    expect((await ended)[0]).toBe(7);
    expect(told).toHaveLength(1);
    expect(told.map(({ child, folder }) => [isGone(child), existsSync(folder)])).toEqual([[true, false]]);
  });
});
