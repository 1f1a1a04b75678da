import type { KnownRequest, OpenClaim } from '../commands/ports.js';
import type { SeatCall, SentAnswer } from '../seating/answer.js';
import type { SeatRequest } from '../seating/seat-request.js';
import type { Database } from './database.js';
import { keyOf } from './settlement-row.js';
import { findStatement, rememberStatement } from './statements/find.js';

interface Row {
  readonly ord: number;
  readonly digest: string;
  readonly state: 'claimed' | 'released' | 'settled';
  readonly room_id: string;
  readonly received_at: number;
  readonly remembered_from: number;
  readonly attempt: number;
  readonly nonce: string;
  readonly call: SeatCall;
  readonly answers: SentAnswer[];
  readonly slot_at: number;
  readonly quiet_at: number;
  readonly value: Buffer | null;
  readonly headers: Buffer | null;
  readonly kafka_partition: number | null;
  readonly kafka_offset: string | null;
  readonly requested_at: number | null;
}

interface Met {
  readonly request: SeatRequest;
  readonly row: Row;
}

/**
 * An id is forgotten a day after its message became too old. A copy that was appended later must find it as long as it is
 * young enough itself, so beyond half of that day the id is remembered from the copy on.
 */
const lateCopyMs = 43_200_000;

/** What is recorded under each request's id; null where it is new. */
export async function knownRequests(
  database: Database,
  requests: readonly SeatRequest[],
): Promise<(KnownRequest | null)[]> {
  const keys = JSON.stringify(requests.map((request, ord) => ({ ord, ...keyOf(request) })));
  const known: (KnownRequest | null)[] = requests.map(() => null);
  const rows = await database.run<Row>(findStatement, [keys]);
  const met = rows.map((row) => ({ row, request: requests[row.ord] as SeatRequest }));
  const forgotten = await forgottenOf(database, met.filter(isLateCopy));
  for (const each of met) if (!forgotten.has(idOf(keyOf(each.request)))) known[each.row.ord] = knownOf(each);
  return known;
}

function isLateCopy({ request, row }: Met): boolean {
  return row.state === 'settled' && request.requestedAt > row.remembered_from + lateCopyMs;
}

/** Remembers the ids of late copies → those that were forgotten between the look and this. */
async function forgottenOf(database: Database, late: readonly Met[]): Promise<Set<string>> {
  if (late.length === 0) return new Set();
  const asked = late.map(({ request }) => ({ ...keyOf(request), requested_at: request.requestedAt }));
  const remembered = await database.run<ReturnType<typeof keyOf>>(rememberStatement, [JSON.stringify(asked)]);
  const standing = new Set(remembered.map(idOf));
  return new Set(asked.map(idOf).filter((id) => !standing.has(id)));
}

function idOf({ sdk_app_id, request_id }: ReturnType<typeof keyOf>): string {
  return `${sdk_app_id} ${request_id}`;
}

function knownOf({ request, row }: Met): KnownRequest {
  if (row.digest !== request.digest && !isSameMessage(request, row)) return { state: 'reused' };
  if (row.state !== 'settled') return { state: row.state, claim: claimOf(row) };
  if (!row.value || !row.headers)
    throw new Error('A settled request has no row in the history: it was removed by hand.');
  const message = { key: row.room_id, value: row.value, headers: row.headers };
  return { state: 'settled', message, receivedAt: Math.round(row.received_at) };
}

/**
 * The very message that was recorded, whatever it was taken for then: a version that did not understand it yet recorded it
 * as invalid, with another digest. Its time tells it from one at the same place of a topic that was made anew.
 */
function isSameMessage({ kafka, requestedAt }: SeatRequest, row: Row): boolean {
  return (
    row.kafka_partition === kafka.partition &&
    row.kafka_offset === kafka.offset &&
    row.requested_at !== null &&
    Math.round(row.requested_at) === Math.trunc(requestedAt)
  );
}

function claimOf({ attempt, nonce, call, answers, slot_at, quiet_at }: Row): OpenClaim {
  return { attempt, nonce, call, slotAt: slot_at, quietAt: quiet_at, answers };
}
