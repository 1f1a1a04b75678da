import { existsSync } from 'node:fs';
import { chmod, mkdir, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from './child.js';
import { removeFolder, temporaryFolder } from './temp-folder.js';

/** As in kafka-pom.xml. */
const kafkaVersion = '4.3.1';

const pom = fileURLToPath(new URL('./kafka-pom.xml', import.meta.url));

/** Where the jars lie, or will lie: once a user and version, shared by all clones. */
export function jarsFolder(environment: NodeJS.ProcessEnv): string {
  const cache = environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(cache, 'usher', `kafka-${kafkaVersion}`);
}

/** Fetches a broker's jars into `folder` with Maven: 44 MB, half a minute, once. */
export async function fetchKafkaJars(
  maven: string,
  folder: string,
  say: (progress: string) => void,
): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  // Next to its place and then renamed: what stands under the final name is always complete.
  const unfinished = await temporaryFolder(`${basename(folder)}-unfinished`, dirname(folder));
  try {
    say(`fetching Kafka ${kafkaVersion} with Maven into ${folder} (44 MB, once)`);
    await copyDependencies(maven, unfinished, say);
    await moveInto(folder, unfinished);
  } finally {
    await removeFolder(unfinished);
  }
}

async function copyDependencies(
  maven: string,
  folder: string,
  say: (progress: string) => void,
): Promise<void> {
  let jars = 0;
  const onLine = (line: string): void => {
    if (/Downloaded .*\.jar/.test(line) && ++jars % 10 === 0) say(`${jars} files so far`);
  };
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`, '-DincludeScope=runtime'];
  const fetching = await startChild(maven, ['-B', '-f', pom, ...goal], { onLine });
  const { code } = await fetching.exited;
  if (code !== 0) throw new Error(`Maven could not fetch Kafka:\n${fetching.lastLines()}`);
}

async function moveInto(folder: string, finished: string): Promise<void> {
  // Made for ourselves alone, as temporary folders are; the cache may be shared.
  await chmod(finished, 0o755);
  try {
    await rename(finished, folder);
  } catch (error) {
    // Another process was faster: its copy is as good as ours.
    if (!existsSync(folder)) throw error;
  }
}
