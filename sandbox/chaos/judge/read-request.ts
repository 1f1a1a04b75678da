import { isUtf8 } from 'node:buffer';
import type { TopicMessage } from '../history.js';
import { soundnessOf } from './soundness.js';
import type { Soundness } from './soundness.js';

/** A message that asks for something, as far as its identity goes. */
export interface ReadAsk {
  readonly requestId: string;
  readonly roomId: string;
  /** Null where it names none that is a text. */
  readonly memberAccount: string | null;
  /** Null where it names none that is a whole number. */
  readonly index: number | null;
  readonly soundness: Soundness;
  /** The deadline it asked for, epoch milliseconds; null where it asked for none that can be read. */
  readonly askedDeadline: number | null;
  /** What is asked, in meaning: equal texts are the same request. */
  readonly content: string;
}

/** `unclear`: nobody could tell from outside whether it must be understood (a name twice in one object). */
export type RequestReading =
  | { readonly kind: 'ask'; readonly ask: ReadAsk }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'unclear'; readonly requestId: string };

/** Longest value, and deepest nesting, that the contract reads. */
const maxBytes = 65_536;
const maxLevels = 32;

const unreadable = { kind: 'unreadable' } as const;

/** Bytes → what was asked, read by the contract (sections 3 and 8) and by nothing of the service. */
export function readRequest(message: TopicMessage): RequestReading {
  const text = textOf(message.value);
  const fields = text === null ? null : parsed(text);
  if (text === null || !isObject(fields) || isTooDeep(fields, maxLevels)) return unreadable;
  const requestId = fields['requestId'] ?? message.headers['ce_id']?.toString('utf8') ?? null;
  if (namesWritten(text) !== names(fields)) {
    return { kind: 'unclear', requestId: typeof requestId === 'string' ? requestId : '' };
  }
  const { roomId } = fields;
  if (typeof requestId !== 'string' || !/^[\x20-\x7e]{1,128}$/.test(requestId)) return unreadable;
  if (typeof roomId !== 'string' || !isText(roomId, 48) || !fits(message.key, roomId)) return unreadable;
  return { kind: 'ask', ask: readFields(requestId, roomId, fields, message) };
}

/** The text of a value that may be JSON; null where it cannot be. A byte order mark is skipped. */
function textOf(value: Buffer | null): string | null {
  if (value === null || value.length === 0 || value.length > maxBytes || value[0] === 0) return null;
  return isUtf8(value) ? value.toString('utf8').replace(/^\u{feff}/u, '') : null;
}

/** Some clients cannot tell an empty key from none. */
function fits(key: Buffer | null, roomId: string): boolean {
  return key === null || key.length === 0 || key.toString('utf8') === roomId;
}

function readFields(
  requestId: string,
  roomId: string,
  fields: Readonly<Record<string, unknown>>,
  { value, headers }: TopicMessage,
): ReadAsk {
  const { memberAccount, index, deadline } = fields;
  const soundness = headers['ce_id'] || headers['ce_source'] ? 'unclear' : soundnessOf(fields);
  const asked = typeof deadline === 'string' ? Date.parse(deadline) : NaN;
  return {
    requestId,
    roomId,
    memberAccount: typeof memberAccount === 'string' ? memberAccount : null,
    index: Number.isSafeInteger(index) ? (index as number) : null,
    soundness,
    askedDeadline: Number.isNaN(asked) ? null : asked,
    content: soundness === 'sound' ? contentOf(fields) : `raw ${String(value?.toString('latin1'))}`,
  };
}

/** What counts for "the same content". */
function contentOf(fields: Readonly<Record<string, unknown>>): string {
  const counted = ['type', 'roomId', 'memberAccount', 'index', 'indexes', 'policy', 'targetRequestId'];
  return JSON.stringify(counted.map((name) => fields[name] ?? null));
}

function isText(text: string, maxLength: number): boolean {
  return text !== '' && Buffer.byteLength(text) <= maxLength && !/[\p{Cc}\p{Cs}]/u.test(text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTooDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isTooDeep(item, levels - 1));
}

/** Names in all objects of the value: fewer than were written where one came twice. */
function names(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce<number>((sum, item) => sum + names(item), own);
}

/** Texts of a JSON text that a colon follows. */
function namesWritten(json: string): number {
  let count = 0;
  for (let open = json.indexOf('"'); open !== -1;) {
    let close = json.indexOf('"', open + 1);
    while (isEscaped(json, close)) close = json.indexOf('"', close + 1);
    let next = close + 1;
    while (json.charCodeAt(next) <= 0x20) next++;
    if (json[next] === ':') count++;
    open = json.indexOf('"', next);
  }
  return count;
}

/** An odd number of backslashes stands before it. */
function isEscaped(json: string, at: number): boolean {
  let first = at;
  while (json[first - 1] === '\\') first--;
  return (at - first) % 2 === 1;
}
