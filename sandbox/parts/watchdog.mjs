/**
 * Outlives the process that started it, by a few seconds: once its standard input ends (however that process died,
 * `kill -9` included) it ends the children and removes the folders it was told about, and then itself.
 * One JSON object a line: { child, signal, politeMs } | { gone: pid } | { folder } | { removed: path }.
 */
import { readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

/** How long to look whether SIGKILL has worked. */
const forcedMs = 2000;

const children = new Map();
const folders = new Set();

/** The whole group where the child leads one: `mvn` and `initdb` start others. */
function signal(pid, name) {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, name);
      return true;
    } catch {
      // No such group, or no such process any more.
    }
  }
  return false;
}

/** A zombie has ended: where nobody collects it (a container's first process may not), it would look alive for ever. */
function isAlive(pid) {
  if (!signal(pid, 0)) return false;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.charAt(stat.lastIndexOf(')') + 2) !== 'Z';
  } catch {
    return true; // No /proc: not Linux.
  }
}

async function end(pid, { name, politeMs }) {
  for (const [step, limit] of [
    [name, politeMs],
    ['SIGKILL', forcedMs],
  ]) {
    signal(pid, step);
    for (const giveUp = Date.now() + limit; Date.now() < giveUp; await wait(20)) {
      if (!isAlive(pid)) return;
    }
  }
}

// A terminal's Ctrl-C or a closed window must not end the one who cleans up.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const told = JSON.parse(line);
  if (told.child) children.set(told.child, { name: told.signal, politeMs: told.politeMs });
  if (told.gone) children.delete(told.gone);
  if (told.folder) folders.add(told.folder);
  if (told.removed) folders.delete(told.removed);
}
await Promise.all([...children].map(([pid, how]) => end(pid, how)));
for (const folder of folders) {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  } catch {
    // Something we know nothing of still writes there; the other folders must go all the same.
  }
}
