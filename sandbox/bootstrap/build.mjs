import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, readStamp } from './fingerprint.mjs';
import { prepare, program, root } from './run.mjs';

const stamp = 'dist/.made-from';

/** Builds `dist` where the sources have changed since. */
export async function buildService() {
  const source = fingerprint(
    'src',
    'tsconfig.json',
    'tsconfig.build.json',
    'nest-cli.json',
    'package-lock.json',
  );
  if (readStamp(stamp) === source) return;
  await prepare('building the service', program('nest'), ['build']);
  writeFileSync(join(root, stamp), source);
}
