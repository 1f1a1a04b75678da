import { startChild } from '../../../sandbox/parts/child.js';
import { endOnSignal } from '../../../sandbox/parts/on-signal.js';
import { temporaryFolder } from '../../../sandbox/parts/temp-folder.js';

/**
 * Run by watchdog.spec.ts: starts a child that ignores SIGTERM, and another as soon as that one has ended, tells of each,
 * then waits. SIGUSR2 makes it die of an error; with the argument `orderly` it ends by signals in good order.
 */
process.on('SIGUSR2', () => {
  throw new Error('died of an error, as the test wants');
});
if (process.argv[2] === 'orderly') endOnSignal(() => 7);

const stubborn = "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000)";
for (;;) {
  const folder = await temporaryFolder('watchdog-test');
  const child = await startChild(process.execPath, ['-e', stubborn], { politeMs: 200 });
  process.stdout.write(`${JSON.stringify({ child: child.pid, folder })}\n`);
  await child.exited;
}
