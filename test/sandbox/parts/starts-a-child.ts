import { startChild } from '../../../sandbox/parts/child.js';
import { temporaryFolder } from '../../../sandbox/parts/temp-folder.js';

/** Run by watchdog.spec.ts: tells what it has started, then waits; SIGUSR2 makes it die of an error. */
process.on('SIGUSR2', () => {
  throw new Error('died of an error, as the test wants');
});
const folder = await temporaryFolder('watchdog-test');
const stubborn = "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000)";
const child = await startChild(process.execPath, ['-e', stubborn]);
process.stdout.write(`${JSON.stringify({ child: child.pid, folder })}\n`);
