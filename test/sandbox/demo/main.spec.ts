import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { eventually } from '../../support/eventually.js';

let folder: string;
let demo: ChildProcessByStdio<null, Readable, null>;
let said = '';

/** Runs it with a folder of its own for temporary files, so that whatever it leaves behind can be seen. */
function run(...args: readonly string[]): void {
  said = '';
  demo = spawn(process.execPath, ['--import', 'tsx', 'sandbox/demo/main.ts', ...args], {
    env: { ...process.env, NODE_OPTIONS: '', TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  demo.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
}

const leftBehind = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith('usher-'));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-spec-'));
  // Started by root, Postgres runs as another user, who must get in.
  await chmod(folder, 0o755);
});

afterEach(async () => {
  demo.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

describe('the demo as a process', () => {
  it('ends by itself after --for with code 0, sums up, answers its questions, and leaves nothing', async () => {
    run('--for', '3');
    expect(await once(demo, 'close')).toEqual([0, null]);
    expect(said).toMatch(/^[\d,]+ requests in 3 s/m);
    expect(said).toMatch(/→ seat \d+ of [a-z-]+: seated, Tencent was asked, 1 call/);
    expect(said).toMatch(/^ {2}done +– +tencent +\d+ +\d+ +\d+$/m);
    expect(await leftBehind()).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('sums up and ends with code 0 at %s', async (signal) => {
    run();
    await eventually(() => said.includes('seated'), { within: 45_000, what: 'somebody is seated' });
    demo.kill(signal);
    expect(await once(demo, 'close')).toEqual([0, null]);
    expect(said).toContain('Where to go from here');
    expect(await leftBehind()).toEqual([]);
  });

  it('stopped while it starts, ends what it has started and gives the shell its code', async () => {
    run();
    await eventually(async () => (await leftBehind()).length > 0, { within: 20_000, what: 'a part starts' });
    demo.kill('SIGINT');
    expect(await once(demo, 'close')).toEqual([130, null]);
    expect(said).not.toContain('failed');
    expect(await leftBehind()).toEqual([]);
  });

  it('says how it is called when it is called wrongly', async () => {
    run('--for', 'ever');
    expect(await once(demo, 'close')).toEqual([2, null]);
    expect(said).toContain('usage: npm run demo');
  });
});
