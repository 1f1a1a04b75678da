import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

type Told =
  | { readonly child: number; readonly signal: NodeJS.Signals; readonly politeMs: number }
  | { readonly gone: number }
  | { readonly folder: string }
  | { readonly removed: string };

let watchdog: ChildProcessByStdio<Writable, null, null> | null = null;
let isEnding = false;

/** Tells the watchdog what to end or remove should this process die; starts the watchdog at first use. */
export function tellWatchdog(told: Told): void {
  if (isEnding) return;
  watchdog ??= startWatchdog();
  watchdog.stdin.write(`${JSON.stringify(told)}\n`);
}

/** Never resolves once everything is being ended: whoever was about to start something more waits for the end of the process. */
export async function unlessEnding(): Promise<void> {
  if (isEnding) await new Promise(() => undefined);
}

/**
 * Ends every child and removes every temporary folder of this process, in whatever state of starting they are; the caller
 * then ends the process. Resolves for the first who calls: a second reason to end is not worth telling.
 */
export async function endEverything(): Promise<void> {
  await unlessEnding();
  isEnding = true;
  if (watchdog === null) return;
  const ended = once(watchdog, 'exit');
  watchdog.ref();
  watchdog.stdin.end();
  await ended;
}

function startWatchdog(): ChildProcessByStdio<Writable, null, null> {
  const script = fileURLToPath(new URL('./watchdog.mjs', import.meta.url));
  // Detached: out of the terminal's process group, so that Ctrl-C and a kill of the whole group do not reach it.
  const started = spawn(process.execPath, [script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  // Should somebody have killed it, the children are ended by their own means alone.
  started.stdin.on('error', () => undefined);
  // It must never keep this process alive.
  started.unref();
  if (started.stdin instanceof Socket) started.stdin.unref();
  return started;
}
