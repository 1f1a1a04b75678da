import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const oldestForKafka = 17;

/** The `java` to run a broker with: JAVA_HOME's, else the first in PATH; null where there is none or it is older than 17. */
export async function findJava(): Promise<string | null> {
  const home = process.env['JAVA_HOME'];
  for (const java of home === undefined ? ['java'] : [join(home, 'bin', 'java'), 'java']) {
    if ((await majorVersion(java)) >= oldestForKafka) return java;
  }
  return null;
}

async function majorVersion(java: string): Promise<number> {
  try {
    const { stderr } = await promisify(execFile)(java, ['-version']);
    return Number(/version "(?:1\.)?(\d+)/.exec(stderr)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Whether a program can be found in PATH. */
export function isInstalled(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => existsSync(join(folder, program)));
}
