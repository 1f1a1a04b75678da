import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run.mjs';

/** tsx is loaded only now: it is one of the packages that may have just been installed. */
async function importTypeScript(path) {
  const { register } = await import('tsx/esm/api');
  register();
  return import(pathToFileURL(join(root, path)).href);
}

/**
 * Runs a TypeScript program in this very process: one process fewer to pass signals to, and none left behind when this
 * one is killed.
 */
export async function runTypeScript(path, args) {
  process.argv.splice(1, Infinity, join(root, path), ...args);
  await importTypeScript(path);
  return process.exitCode;
}

/** Fetches Kafka's jars now, where a broker will be started from them. */
export async function prepareKafka() {
  const parts = await importTypeScript('sandbox/parts/kafka.ts');
  await parts.prepareKafka((progress) => console.error(progress));
}
