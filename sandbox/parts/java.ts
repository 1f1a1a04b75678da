import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const oldestForKafka = 17;

/** The `java` to run a broker with: JAVA_HOME's, else the first in PATH; null where there is none or it is older than 17. */
export async function findJava(environment: NodeJS.ProcessEnv): Promise<string | null> {
  const home = environment['JAVA_HOME'];
  const candidates = [
    home === undefined ? null : join(home, 'bin', 'java'),
    findProgram('java', environment),
  ];
  for (const java of candidates) {
    if (java !== null && (await majorVersion(java)) >= oldestForKafka) return java;
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

/** Full path of a program in PATH; null where it is not installed. */
export function findProgram(name: string, environment: NodeJS.ProcessEnv): string | null {
  const folders = (environment['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}
