import { constants } from 'node:os';
import { endEverything } from './watched.js';

/** One Ctrl-C may arrive twice: from the terminal, and handed on by npm. */
const sameMs = 500;

/**
 * On Ctrl-C or a request to end, at whatever moment: runs `before`, ends everything that this process started, and then
 * the process, with the code that `before` returns (its argument is the shell's code for the signal). Asked again, it
 * ends at once; the watchdog still cleans up.
 */
export function endOnSignal(before: (shellsCode: number) => number | Promise<number>): void {
  let asked: number | null = null;
  const end = async (shellsCode: number): Promise<void> => {
    if (asked !== null && performance.now() - asked < sameMs) return;
    if (asked !== null) process.exit(shellsCode);
    asked = performance.now();
    const code = await before(shellsCode);
    await endEverything();
    process.exit(code);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => void end(128 + constants.signals[name]));
  }
}
