import { program, run } from './run.mjs';

/** Specs that count calls a second or start dozens of processes: one after the other, with the machine to themselves. */
const alone =
  'test/(crash-points|scenarios/(05|06|09|10)|flow/(instances|start)|kafka/broker-crash|sandbox/demo/main)';

/** All tests, as the arguments of two runs. Most of those that run side by side wait most of their time. */
export const allTests = [
  [`--testPathIgnorePatterns=${alone}`, '--maxWorkers=3'],
  [`--testPathPatterns=${alone}`, '--maxWorkers=1'],
];

/** Runs all tests, or those that the arguments name; returns Jest's exit code. */
export async function runTests(args) {
  if (args.length > 0) return runJest(args);
  let exitCode = 0;
  for (const each of allTests) exitCode = Math.max(exitCode, await runJest(each));
  return exitCode;
}

/** Runs Jest; returns its exit code. */
export function runJest(args) {
  // Nest is ES modules alone, and Jest runs those only with this flag, in its workers too.
  const options = [
    process.env.NODE_OPTIONS,
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
  ];
  return run(program('jest'), args, { env: { NODE_OPTIONS: options.filter(Boolean).join(' ') } });
}
