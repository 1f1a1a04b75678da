import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { tellWatchdog, unlessEnding } from './watched.js';

export interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** User to run as; only root may say. */
  readonly owner?: { readonly uid: number; readonly gid: number } | null;
  /** The signal that asks it to end in good order; default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** How long it may take to follow that signal once this process is dead, in milliseconds, before SIGKILL; default 2000. */
  readonly politeMs?: number;
  /** Called with every line of its standard output and error. */
  readonly onLine?: (line: string) => void;
}

/** How a child ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that never outlives this one. */
export interface Child {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  isRunning(): boolean;
  /** The last lines it wrote, for error messages. */
  lastLines(): string;
  signal(name: NodeJS.Signals): void;
  /** Asks it to end, insists with SIGKILL after `withinMs`, and resolves once it is gone. */
  stop(withinMs?: number): Promise<Exit>;
}

const keptLines = 40;

/** Starts a program in a process group of its own, so that a terminal's Ctrl-C leaves the order of stopping to us. */
export async function startChild(
  command: string,
  args: readonly string[],
  options: ChildOptions = {},
): Promise<Child> {
  await unlessEnding();
  const spawned = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(options.env && { env: options.env }),
    ...(options.cwd && { cwd: options.cwd }),
    ...options.owner,
  });
  const stopSignal = options.stopSignal ?? 'SIGTERM';
  const { pid } = spawned;
  const exited = new Promise<Exit>((resolve) => {
    spawned.once('close', (code, signal) => {
      if (pid !== undefined) tellWatchdog({ gone: pid });
      resolve({ code, signal });
    });
  });
  if (pid === undefined) {
    throw await new Promise<Error>((resolve) => spawned.once('error', resolve));
  }
  tellWatchdog({ child: pid, signal: stopSignal, politeMs: options.politeMs ?? 2000 });

  const lines: string[] = [];
  const onLine = (line: string): void => {
    lines.push(line);
    if (lines.length > keptLines) lines.shift();
    options.onLine?.(line);
  };
  readLines(spawned.stdout, onLine);
  readLines(spawned.stderr, onLine);

  const isRunning = (): boolean => spawned.exitCode === null && spawned.signalCode === null;
  // The whole group: some programs are scripts that start the real one.
  const signal = (name: NodeJS.Signals): void => {
    if (isRunning()) process.kill(-pid, name);
  };
  return {
    pid,
    exited,
    isRunning,
    lastLines: () => lines.join('\n'),
    signal,
    stop: async (withinMs = 10_000) => {
      signal(stopSignal);
      const insist = setTimeout(() => {
        signal('SIGKILL');
      }, withinMs);
      return exited.finally(() => {
        clearTimeout(insist);
      });
    },
  };
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream }).on('line', onLine);
}
