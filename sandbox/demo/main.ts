import { endOnSignal } from '../parts/on-signal.js';
import { endEverything } from '../parts/watched.js';
import { readArguments, usage } from './arguments.js';
import type { Wishes } from './arguments.js';
import { Demo } from './demo.js';

/*
 * `npm run demo`: everything on this machine, with people who want seats. Ends by Ctrl-C, by `--for`, or when a part
 * fails; whatever was started ends with it.
 */
const say = (line: string): void => void process.stdout.write(`${line}\n`);

function wishes(): Wishes {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    say(usage);
    process.exit(2);
  }
}

// Whoever read along has left (`| head`): end as SIGPIPE would; the watchdog ends the parts.
process.stdout.on('error', () => process.exit(141));
const demo = new Demo(wishes(), say);
endOnSignal((shellsCode) => demo.finish(shellsCode));
const code = await demo.run();
await endEverything();
process.exit(code);
