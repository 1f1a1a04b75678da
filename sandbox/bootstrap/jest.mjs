import { program, run } from './run.mjs';

/** Runs the tests; returns Jest's exit code. */
export function runJest(args) {
  // Nest is ES modules alone, and Jest runs those only with this flag, in its workers too.
  const options = [
    process.env.NODE_OPTIONS,
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
  ];
  return run(program('jest'), args, { env: { NODE_OPTIONS: options.filter(Boolean).join(' ') } });
}
