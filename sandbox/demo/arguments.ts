import { parseArgs } from 'node:util';

/** What the viewer asked for. */
export interface Wishes {
  /** Milliseconds of traffic; null: until Ctrl-C. */
  readonly forMs: number | null;
  readonly seed: number;
}

/** How to call the demo. */
export const usage = 'usage: npm run demo -- [--for SECONDS] [--seed NUMBER]';

/** Command line → wishes; throws an error that says what is wrong with it. */
export function readArguments(args: readonly string[]): Wishes {
  const { values } = parseArgs({
    args: [...args],
    options: { for: { type: 'string' }, seed: { type: 'string', default: '1' } },
  });
  const seconds = values.for === undefined ? null : Number(values.for);
  if (seconds !== null && !(seconds > 0 && seconds <= 86_400))
    throw new Error(`--for ${values.for ?? ''}: name a number of seconds above 0, at most a day`);
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`--seed ${values.seed}: name a whole number`);
  return { forMs: seconds === null ? null : seconds * 1000, seed };
}
