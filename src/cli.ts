import { listed, parseName, shown } from './cli/dead-letters.js';
import { explain } from './cli/explain.js';
import { describeRoom } from './cli/room.js';
import { ConfigurationError } from './config/configuration-error.js';
import { databaseSettingsOfProcess } from './config/environment.js';
import { applyMigrations } from './postgres/migrations.js';
import { Reader } from './postgres/reader.js';

const usage = `usage: node dist/cli.js <verb>

  migrate                    apply what is missing of prisma/migrations to the database
  explain ID                 the whole story of a request
  room ID                    what the mirror believes of a room
  dead-letters list          the newest hundred messages that could not be read
  dead-letters show NAME     one of them, whole; NAME is topic/partition/offset
`;

/** Wrong words on the command line (sysexits.h). */
const exitUsage = 64;
const newest = 100;

/** What a verb prints; null: it was not understood. */
async function lines(verb: string | undefined, rest: readonly string[]): Promise<readonly string[] | null> {
  const [first, second] = rest;
  if (verb === 'migrate' && rest.length === 0) return migrate();
  if (verb === 'explain' && first) {
    const stories = await reading((reader) => reader.stories(first));
    return stories.length > 0 ? stories.flatMap(explain) : [`no request ${first} is recorded`];
  }
  if (verb === 'room' && first) {
    const facts = await reading((reader) => reader.room(first));
    return facts.length > 0 ? describeRoom(facts, new Date()) : [`the mirror knows nothing of room ${first}`];
  }
  return verb === 'dead-letters' ? deadLetters(first, second) : null;
}

async function migrate(): Promise<readonly string[]> {
  const applied = await applyMigrations(databaseSettingsOfProcess().migrationUrl);
  return applied.length > 0 ? applied.map((name) => `applied ${name}`) : ['nothing to apply'];
}

async function deadLetters(
  verb: string | undefined,
  name: string | undefined,
): Promise<readonly string[] | null> {
  if (verb === 'list') return (await reading((reader) => reader.deadLetters(newest))).map(listed);
  const place = verb === 'show' && name ? parseName(name) : null;
  if (!place) return null;
  const letter = await reading((reader) => reader.deadLetter(...place));
  return letter ? shown(letter) : [`no dead letter ${name ?? ''} is recorded`];
}

async function reading<T>(read: (reader: Reader) => Promise<T>): Promise<T> {
  const reader = new Reader(databaseSettingsOfProcess().url);
  return read(reader).finally(() => reader.close());
}

try {
  const [verb, ...rest] = process.argv.slice(2);
  const printed = await lines(verb, rest);
  if (printed) process.stdout.write(printed.map((line) => `${line}\n`).join(''));
  else process.stderr.write(usage);
  process.exitCode = printed ? 0 : exitUsage;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ConfigurationError ? 78 : 1;
}
