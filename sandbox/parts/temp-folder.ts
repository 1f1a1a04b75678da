import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tellWatchdog, unlessEnding } from './watched.js';

/** A new folder, by default under the system's temporary folder, removed when this process dies at the latest. */
export async function temporaryFolder(name: string, parent = tmpdir()): Promise<string> {
  await unlessEnding();
  // In one go with telling: no signal can come in between.
  const folder = mkdtempSync(join(parent, `usher-${name}-`));
  tellWatchdog({ folder });
  return folder;
}

/** Removes a folder made by `temporaryFolder`. */
export async function removeFolder(folder: string): Promise<void> {
  // A server that was just killed may still be writing its last file.
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  tellWatchdog({ removed: folder });
}
