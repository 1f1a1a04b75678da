import type { Reader } from '../postgres/reader.js';

type Listed = Awaited<ReturnType<Reader['deadLetters']>>[number];
type Whole = NonNullable<Awaited<ReturnType<Reader['deadLetter']>>>;

/** Where a dead letter lay: `topic/partition/offset` names it. */
function nameOf({ kafkaTopic, kafkaPartition, kafkaOffset }: Listed): string {
  return `${kafkaTopic}/${kafkaPartition}/${kafkaOffset}`;
}

/** `topic/partition/offset` → its parts; null where it is something else. */
export function parseName(name: string): readonly [topic: string, partition: number, offset: bigint] | null {
  const found = /^(.+)\/(\d+)\/(\d+)$/.exec(name);
  return found ? [String(found[1]), Number(found[2]), BigInt(String(found[3]))] : null;
}

/** One line of the list. */
export function listed(letter: Listed): string {
  return `${letter.seenAt.toISOString()}  ${nameOf(letter)}  ${letter.reason}: ${letter.detail}`;
}

/** One dead letter, whole. */
export function shown(letter: Whole): string[] {
  const text = (bytes: Uint8Array | null): string => (bytes ? Buffer.from(bytes).toString('utf8') : '(none)');
  return [listed(letter), `key    ${text(letter.key)}`, `value  ${text(letter.value)}`];
}
