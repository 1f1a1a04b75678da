import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../../parts/temp-folder.js';
import type { BrokenRule, Edit } from './rules.js';

const project = fileURLToPath(new URL('../../..', import.meta.url));

/** What a build needs beside it. */
const beside = ['node_modules', 'package.json', 'prisma'];

/** A copy of the build with the rule broken → its folder, which is removed when this process ends. */
export async function breakBuild({ edits }: BrokenRule): Promise<string> {
  const folder = await temporaryFolder('broken');
  const dist = join(folder, 'dist');
  await mkdir(dist);
  await cp(join(project, 'dist'), dist, { recursive: true });
  for (const name of beside) await symlink(join(project, name), join(folder, name));
  for (const edit of edits) {
    const path = join(dist, edit.file);
    await writeFile(path, applyEdit(edit, await readFile(path, 'utf8')));
  }
  return dist;
}

/** The text with the edit made; throws when the place is not there, or more than once. */
export function applyEdit({ file, find, replace }: Edit, text: string): string {
  const [before, after, ...more] = text.split(find);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(
      `dist/${file} has ${text.split(find).length - 1} times what is to be changed once: ${find}`,
    );
  return before + replace + after;
}
