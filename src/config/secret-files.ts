import { readFileSync } from 'node:fs';
import type { ConfigurationProblem } from './configuration-error.js';
import { fileable } from './variables.js';

/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** An environment with every `X_FILE` read into X, and what went wrong on the way. */
export interface Gathered {
  readonly values: Environment;
  readonly problems: readonly ConfigurationProblem[];
}

/** Reads the files that stand for secrets, and takes an empty variable as not given. */
export function gather(env: Environment): Gathered {
  const values = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const problems: ConfigurationProblem[] = [];
  for (const variable of fileable) {
    const path = values[`${variable}_FILE`];
    if (path === undefined) continue;
    if (values[variable] !== undefined) {
      problems.push({ variable, repair: `and ${variable}_FILE are both given: keep one of them` });
      continue;
    }
    const content = read(path);
    if ('problem' in content) problems.push({ variable: `${variable}_FILE`, repair: content.problem });
    else values[variable] = content.text;
  }
  return { values, problems };
}

/** The path stays untold in problems: somebody may have put the secret itself there. */
function read(path: string): { readonly text: string } | { readonly problem: string } {
  try {
    const text = readFileSync(path, 'utf8').replace(/[\r\n]+$/, '');
    return text === '' ? { problem: 'names an empty file: write the value into it' } : { text };
  } catch (error) {
    const code =
      error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : 'no reason given';
    return { problem: `cannot be read (${code}): give the path of a file that this user may read` };
  }
}
