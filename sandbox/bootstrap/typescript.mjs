import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run.mjs';

/** Makes `import` understand TypeScript from here on. tsx is one of the packages that may have just been installed. */
async function understandTypeScript() {
  const { register } = await import('tsx/esm/api');
  register();
}

/**
 * Runs a TypeScript program in this very process: one process fewer to pass signals to, and none left behind when this
 * one is killed.
 */
export async function runTypeScript(path, args) {
  process.argv.splice(1, Infinity, join(root, path), ...args);
  await understandTypeScript();
  await import(pathToFileURL(join(root, path)).href);
  return process.exitCode;
}

/** Fetches Kafka's jars now, where a broker will be started from them. */
export async function fetchKafka() {
  await understandTypeScript();
  const { prepareKafka } = await import('../parts/kafka.ts');
  await prepareKafka((progress) => console.error(progress));
}
