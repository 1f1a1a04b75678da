import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What a campaign is asked to be. */
export interface Wishes {
  readonly minutes: number;
  readonly instances: number;
  /** Decides load, faults and disturbances; what the machine makes of them it cannot decide. */
  readonly seed: number;
  /** Folder of the build to run; null: the project's own. */
  readonly dist: string | null;
  /** Runs a short campaign on each broken build instead. */
  readonly broken: boolean;
  /** File for the figures as JSON; null: none. */
  readonly report: string | null;
  /** File for the whole history, to be judged again (`v8.deserialize`); null: none. */
  readonly keep: string | null;
  /** Says nothing until the end, and then little unless something is wrong. */
  readonly quiet: boolean;
}

/** How to call it. */
export const usage =
  'usage: npm run chaos -- [--minutes M] [--instances N] [--seed S] [--dist FOLDER] [--report FILE] [--keep FILE] [--quiet] [--broken]';

/** Command line → wishes; throws an error that says what is wrong with it. */
export function readArguments(args: readonly string[]): Wishes {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '2' },
      instances: { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
      dist: { type: 'string' },
      broken: { type: 'boolean', default: false },
      report: { type: 'string' },
      keep: { type: 'string' },
      quiet: { type: 'boolean', default: false },
    },
  });
  return {
    minutes: number('minutes', values.minutes, (n) => n > 0 && n <= 240, 'above 0, at most 240'),
    instances: number('instances', values.instances, (n) => isWhole(n, 1, 8), 'of 1 … 8, whole'),
    seed: number('seed', values.seed, (n) => isWhole(n, 0, 2 ** 32 - 1), 'of 0 … 4294967295, whole'),
    dist: values.dist === undefined ? null : resolve(values.dist),
    broken: values.broken,
    report: values.report ?? null,
    keep: values.keep ?? null,
    quiet: values.quiet,
  };
}

function number(name: string, text: string, fits: (n: number) => boolean, what: string): number {
  const value = Number(text);
  if (text.trim() === '' || !fits(value)) throw new Error(`--${name} ${text}: name a number ${what}`);
  return value;
}

function isWhole(n: number, from: number, to: number): boolean {
  return Number.isSafeInteger(n) && n >= from && n <= to;
}
