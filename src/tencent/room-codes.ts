import { ambiguous, business, configuration, rate } from './code-row.js';
import type { CodeRow } from './code-row.js';

/** Codes of rooms and seats, 100001 to 102004, and success. Most belong to other commands and are never expected here. */
export const roomCodes = {
  0: { class: 'ok', meaning: 'success' },
  100001: ambiguous('internal error of the server'),
  100002: business('invalid-request', 'a parameter is invalid'),
  100003: business('not-allowed', 'the room id is taken by somebody else'),
  100004: business('room-not-found', 'the room does not exist or was dissolved'),
  100005: business('not-a-member', 'the account is not in the room'),
  100006: business('not-allowed', 'no permission'),
  100007: configuration('the application has no payment information'),
  100008: business('not-allowed', 'the room is full'),
  100009: business('not-allowed', 'too many marks'),
  100010: business('not-allowed', 'the room id is in use by its owner'),
  100011: business('not-allowed', 'the room id is used by a chat group'),
  100012: rate(1_000, 'rooms are created too often'),
  100013: configuration('more than the plan has paid for'),
  100015: business('invalid-request', 'the room type is invalid'),
  100016: business('not-allowed', 'the member is banned'),
  100017: business('not-allowed', 'the member is muted'),
  100018: business('not-allowed', 'the room needs a password'),
  100019: business('not-allowed', 'the password of the room is wrong'),
  100020: business('not-allowed', 'the room has too many admins'),
  /** Another request of the member is pending: three tries, a second apart, outlast a click but not an open application. */
  100102: {
    class: 'retry',
    reason: 'already-queued',
    waitMs: 1_000,
    repeats: 3,
    meaning: 'it conflicts with a pending request',
  },
  100200: business('seat-locked', 'the seat is locked'),
  100201: business('seat-occupied', 'somebody sits there'),
  100202: business('already-queued', 'the member is in the queue for a seat'),
  100203: business('already-seated', 'the member is on a seat'),
  100204: business('not-allowed', 'the member is not in the queue'),
  100205: business('seats-full', 'all seats are taken'),
  100206: business('not-seated', 'the member is on no seat'),
  100210: business('seat-occupied', 'somebody sits there'),
  100211: business('seats-disabled', 'the room was made without seats'),
  100251: business('not-seated', 'nobody is on a seat'),
  100300: configuration('the callback configuration exists'),
  100301: configuration('the callback configuration does not exist'),
  ...ofOtherRooms([
    100400, 100401, 100402, 100403, 100404, 100411, 100412, 100414, 100415, 100416, 100419, 100420, 100421,
  ] as const),
  100405: rate(1_000, 'rooms are connected too often'),
  100413: rate(1_000, 'battles are started too often'),
  100427: rate(1_000, 'the mixed stream is updated too often'),
  100430: business('not-allowed', 'the room publishes nothing'),
  100431: business('not-allowed', 'the mixed stream needs no recovery'),
  100500: business('not-allowed', 'metadata: over a limit'),
  100501: business('not-allowed', 'metadata: over a limit'),
  100502: business('not-allowed', 'metadata: over a limit'),
  100503: business('not-allowed', 'metadata: over a limit'),
  100504: business('not-allowed', 'metadata: over a limit'),
  102001: business('not-allowed', 'gifts: refused'),
  102002: business('not-allowed', 'gifts: refused'),
  102004: business('not-allowed', 'gifts: refused'),
} as const satisfies Record<number, CodeRow>;

function ofOtherRooms<C extends number>(codes: readonly C[]): Record<C, CodeRow> {
  const row = business('not-allowed', 'connections and battles between rooms: refused');
  return Object.fromEntries(codes.map((code) => [code, row])) as Record<C, CodeRow>;
}
