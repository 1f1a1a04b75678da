import { readFileSync } from 'node:fs';

/** Ends with a sentence where Node is older than package.json's `engines` say. */
export function checkNode() {
  const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const oldest = engines.node.replace('>=', '');
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldest.split('.').map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  console.error(
    `Usher needs Node ${oldest} or newer; this is ${process.versions.node}. Get one from https://nodejs.org, or: nvm install`,
  );
  process.exit(1);
}
