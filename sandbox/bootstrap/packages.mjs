import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, root } from './run.mjs';

/** Installs the npm packages where what is installed is not what package-lock.json says. */
export async function installPackages() {
  if (isInstalled()) return;
  const ci = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  // Started by npm: the same npm again, wherever it lies.
  if (/\.c?js$/.test(npm ?? '')) await prepare('installing npm packages', process.execPath, [npm, ...ci]);
  else await prepare('installing npm packages', 'npm', ci);
}

/** npm notes what it has installed, last of all, in node_modules/.package-lock.json. */
function isInstalled() {
  const wanted = packagesIn('package-lock.json');
  const installed = packagesIn('node_modules/.package-lock.json');
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    // Packages for other platforms are never there.
    return installed[path] === undefined
      ? entry.optional === true
      : installed[path].version === entry.version;
  });
}

function packagesIn(lockFile) {
  const path = join(root, lockFile);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {};
}
