import { isUtf8 } from 'node:buffer';
import { parse } from 'lossless-json';
import { exactNumber } from './json.number.js';
import { scanJson } from './json.scan.js';

/** Objects within objects beyond this are nobody's request. */
const maxDepth = 32;

export type JsonReading =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly detail: string };

/**
 * Bytes → JSON value, read the way everybody reads it: numbers never lossily, no name twice with different values, at
 * most 32 levels, valid UTF-8; a byte order mark is skipped. `JSON.parse` does it wherever one cheap pass over the bytes
 * proves that it cannot differ; else a lossless parser, about ten times slower.
 */
export function readJson(bytes: Buffer): JsonReading {
  if (!isUtf8(bytes))
    return { ok: false, detail: 'The value is not valid UTF-8. Send JSON encoded as UTF-8.' };
  const json = withoutMark(bytes);
  const scan = scanJson(json);
  if (scan.depth > maxDepth) {
    return {
      ok: false,
      detail: `The value nests deeper than ${maxDepth} levels. Send the fields of the contract only.`,
    };
  }
  const text = json.toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    if (scan.exactNumbers && countPairs(value) === scan.pairs) return { ok: true, value };
  } catch {
    // The other parser tells better where it went wrong.
  }
  return readLosslessly(text);
}

function readLosslessly(text: string): JsonReading {
  try {
    return { ok: true, value: parse(text, undefined, exactNumber) };
  } catch (error) {
    return { ok: false, detail: `The value is not JSON that can be relied on: ${told(error)}.` };
  }
}

/** The parser's words may quote the message: nothing of it that cannot be stored or printed gets through. */
function told(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.slice(0, 200).replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '\u{fffd}');
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** Name–value pairs of all objects: fewer than were written when a name occurred twice. */
function countPairs(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countPairs(item), 0);
  let pairs = 0;
  for (const item of Object.values(value)) {
    pairs += 1;
    if (typeof item === 'object') pairs += countPairs(item);
  }
  return pairs;
}
