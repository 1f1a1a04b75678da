import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/** The root of the repository; every command runs there. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Path of a program that an npm package brought along. */
export const program = (name) => `${root}node_modules/.bin/${name}`;

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs a program to its end and returns its exit code; signals go on to it. `preparing`: its output goes to standard error. */
export function run(command, args, { env = {}, preparing = false } = {}) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['inherit', preparing ? 2 : 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  const forward = (signal) => child.kill(signal);
  for (const signal of forwarded) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const name of forwarded) process.off(name, forward);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** Runs a step without which nothing further makes sense. */
export async function prepare(title, command, args, env) {
  console.error(title);
  const exitCode = await run(command, args, { env, preparing: true });
  if (exitCode !== 0)
    throw Object.assign(new Error(`${title}: failed with exit code ${exitCode}`), { exitCode });
}
