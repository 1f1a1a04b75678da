import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** Notes that it was called, leaves what the real one would leave, and fails where a file `fails-<name>` stands. */
const fakeProgram = (name: string): string => `#!/usr/bin/env node
const fs = require('node:fs');
const args = process.argv.slice(2);
fs.appendFileSync('calls', ${JSON.stringify(name)} + ' ' + args.filter((a) => !a.startsWith('--outputFile')).join(' ') + '\\n');
if (${JSON.stringify(name)} === 'npm') fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
if (${JSON.stringify(name)} === 'prisma') fs.mkdirSync('src/postgres/generated', { recursive: true });
if (${JSON.stringify(name)} === 'nest') fs.mkdirSync('dist', { recursive: true });
const report = args.find((a) => a.startsWith('--outputFile='));
if (report && fs.existsSync('report.json')) fs.copyFileSync('report.json', report.slice('--outputFile='.length));
process.exit(fs.existsSync('fails-' + ${JSON.stringify(name)}) ? 1 : 0);
`;

const fakeCampaign = `import { appendFileSync, existsSync } from 'node:fs';
appendFileSync('calls', 'chaos ' + process.argv.slice(2).join(' ') + '\\n');
process.exit(existsSync('fails-chaos') ? 1 : 0);
`;

/** A project with this repository's bootstrap and fakes of every program it starts. */
export class SmallProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'usher-small-project-'));

  constructor() {
    for (const path of ['sandbox/bootstrap.mjs', 'sandbox/bootstrap', 'package.json']) {
      cpSync(join(repository, path), join(this.folder, path), { recursive: true });
    }
    this.write('sandbox/parts/kafka.ts', 'export const prepareKafka = () => Promise.resolve();\n');
    this.write('prisma/schema.prisma', 'one');
    this.write('src/main.ts', 'one');
    this.write('sandbox/chaos/main.ts', fakeCampaign);
    this.write('npm.cjs', fakeProgram('npm'));
    for (const name of ['prisma', 'nest', 'jest', 'prettier', 'eslint', 'depcruise', 'tsc', 'knip']) {
      this.write(`node_modules/.bin/${name}`, fakeProgram(name));
    }
    symlinkSync(join(repository, 'node_modules/tsx'), join(this.folder, 'node_modules/tsx'));
    this.lock('package-lock.json', { a: '1.0.0' });
    this.lock('node_modules/.package-lock.json', { a: '1.0.0' });
  }

  /** Packages and their versions; a version that ends in `?` is optional. */
  lock(file: string, versions: Readonly<Record<string, string>>): void {
    const entries = Object.entries(versions).map(([name, version]): [string, object] => [
      `node_modules/${name}`,
      { version: version.replace('?', ''), optional: version.endsWith('?') },
    ]);
    this.write(file, JSON.stringify({ packages: { '': {}, ...Object.fromEntries(entries) } }));
  }

  write(path: string, content: string): void {
    const full = join(this.folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content, { mode: 0o755 });
  }

  /** Runs the bootstrap → its end, and which programs it has started, in order. */
  run(args: readonly string[], nodeOptions = '') {
    const calls = join(this.folder, 'calls');
    rmSync(calls, { force: true });
    const env = { ...process.env, NODE_OPTIONS: nodeOptions, npm_execpath: join(this.folder, 'npm.cjs') };
    const bootstrap = join(this.folder, 'sandbox/bootstrap.mjs');
    const ended = spawnSync(process.execPath, [bootstrap, ...args], { env, encoding: 'utf8' });
    const started = existsSync(calls) ? readFileSync(calls, 'utf8').trimEnd().split('\n') : [];
    return { exitCode: ended.status, output: ended.stdout, progress: ended.stderr, started };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
