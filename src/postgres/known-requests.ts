import type { KnownRequest, OpenClaim } from '../commands/ports.js';
import type { SeatCall, SentAnswer } from '../seating/answer.js';
import type { SeatRequest } from '../seating/seat-request.js';
import type { Database } from './database.js';
import { keyOf } from './settlement-row.js';
import { findStatement } from './statements/others.js';

interface Row {
  readonly ord: number;
  readonly digest: string;
  readonly state: 'claimed' | 'released' | 'settled';
  readonly room_id: string;
  readonly received_at: number;
  readonly attempt: number;
  readonly nonce: string;
  readonly call: SeatCall;
  readonly answers: SentAnswer[];
  readonly slot_at: number;
  readonly quiet_at: number;
  readonly value: Buffer | null;
  readonly headers: Buffer | null;
}

/** What is recorded under each request's id; null where it is new. */
export async function knownRequests(
  database: Database,
  requests: readonly SeatRequest[],
): Promise<(KnownRequest | null)[]> {
  const keys = JSON.stringify(requests.map((request, ord) => ({ ord, ...keyOf(request) })));
  const known: (KnownRequest | null)[] = requests.map(() => null);
  for (const row of await database.run<Row>(findStatement, [keys])) {
    known[row.ord] = requests[row.ord]?.digest === row.digest ? knownOf(row) : { state: 'reused' };
  }
  return known;
}

function knownOf(row: Row): KnownRequest {
  if (row.state !== 'settled') return { state: row.state, claim: claimOf(row) };
  if (!row.value || !row.headers)
    throw new Error('A settled request has no row in the history: it was removed by hand.');
  const message = { key: row.room_id, value: row.value, headers: row.headers };
  return { state: 'settled', message, receivedAt: Math.round(row.received_at) };
}

function claimOf({ attempt, nonce, call, answers, slot_at, quiet_at }: Row): OpenClaim {
  return { attempt, nonce, call, slotAt: slot_at, quietAt: quiet_at, answers };
}
