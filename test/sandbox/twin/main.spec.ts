import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { TwinControl } from '../../../sandbox/twin/client.js';
import { call, seatList } from './caller.js';

const started: ChildProcess[] = [];

function start(flags: readonly string[], options = '{}'): ChildProcess {
  const environment = { ...process.env, NODE_OPTIONS: '', TWIN_OPTIONS: options };
  const twin = spawn(process.execPath, ['--import', 'tsx', 'sandbox/twin/main.ts', ...flags], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(twin);
  return twin;
}

async function urlOf(twin: ChildProcess): Promise<string> {
  if (twin.stdout === null) throw new Error('stdout is not piped');
  const [line] = (await once(createInterface(twin.stdout), 'line')) as [string];
  return line;
}

describe('the twin as a process', () => {
  afterEach(() => {
    for (const twin of started.splice(0)) twin.kill('SIGKILL');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'prints its URL, serves, and stops at %s with code 0',
    async (signal) => {
      const twin = start([]);
      const url = await urlOf(twin);
      await new TwinControl(url).createRoom({ roomId: 'room', seats: 1 });
      expect((await call(url, seatList, { RoomId: 'room' })).code).toBe(0);
      twin.kill(signal);
      expect(await once(twin, 'exit')).toEqual([0, null]);
    },
  );

  it('takes options from the environment and from flags, which win', async () => {
    const twin = start(['--limit-per-second', '1'], '{"limitPerSecond": 5, "planSeats": 3}');
    const url = await urlOf(twin);
    const codes = [await call(url, seatList, { RoomId: 'x' }), await call(url, seatList, { RoomId: 'x' })];
    twin.kill('SIGTERM');
    await once(twin, 'exit');
    expect(codes.map(({ code }) => code)).toEqual([100004, 60007]);
  });

  it.each([
    [['--limit-per-second', 'many'], /limitPerSecond/],
    [['--no-such-flag', '1'], /no-such-flag/],
  ])('says what is wrong with %j and ends', async (flags, words) => {
    const twin = start(flags);
    let said = '';
    twin.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(twin, 'close')) as [number];
    expect(code).not.toBe(0);
    expect(said).toMatch(words);
  });
});
