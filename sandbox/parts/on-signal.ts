import { constants } from 'node:os';
import { endEverything } from './watched.js';

/**
 * On Ctrl-C or a request to end, at whatever moment: ends everything that this process started, then the process.
 * `exitCode` tells how, from the shell's code for the signal. A second signal ends it at once; the watchdog still cleans up.
 */
export function endOnSignal(exitCode: (shellsCode: number) => number): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => {
      void endEverything().finally(() => process.exit(exitCode(128 + constants.signals[name])));
    });
  }
}
