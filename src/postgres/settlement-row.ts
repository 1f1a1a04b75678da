import type { Settlement } from '../commands/ports.js';
import type { SentAnswer } from '../seating/answer.js';
import type { Fact } from '../seating/room.js';
import type { SeatRequest } from '../seating/seat-request.js';

/** The key of a request, as JSON for a statement. */
export function keyOf({ sdkAppId, requestId }: SeatRequest) {
  return { sdk_app_id: sdkAppId, request_id: requestId };
}

/**
 * A request's arrival as it is stored: whole milliseconds, as its outcome tells it. The same everywhere, since it names
 * the partition of the history.
 */
function arrivalOf({ receivedAt }: SeatRequest): number {
  return Math.trunc(receivedAt);
}

/** The columns of the one row of a request. */
export function requestRow(request: SeatRequest) {
  return {
    ...keyOf(request),
    digest: request.digest,
    room_id: request.roomId,
    seat_index: request.index,
    member_account: request.memberAccount,
    received_at: arrivalOf(request),
  };
}

/** What goes with an outcome's value into the records. */
export interface SettlementExtras {
  /** Which of the batch's premises it rests on. */
  readonly premise?: number | null;
  readonly prior?: string;
  readonly slotAt?: number;
  readonly answer?: SentAnswer | null;
}

export function settlementRow({ request, message, waits }: Settlement, extras: SettlementExtras) {
  return {
    ...requestRow(request),
    priority: request.priority,
    headers: message.headers.toString('base64'),
    rival_ms: waits.rivalMs,
    budget_ms: waits.budgetMs,
    retry_ms: waits.retryMs,
    call_ms: waits.callMs,
    kafka_partition: request.kafka.partition,
    kafka_offset: request.kafka.offset,
    traceparent: request.traceparent,
    premise: extras.premise ?? null,
    prior: extras.prior ?? null,
    slot_at: extras.slotAt ?? null,
    answer: extras.answer ?? null,
  };
}

/** The values of a batch as one JSON list: concatenated, never parsed, so that Postgres stores the very bytes. */
export function valuesOf(settlements: readonly Settlement[]): string {
  return `[${settlements.map(({ message }) => message.value.toString('utf8')).join(',')}]`;
}

/** A fact of a room as a row of `told`. `draw`: made now, kept for as long as the fact stands. */
export function factRow(
  { sdkAppId, roomId }: { sdkAppId: number; roomId: string },
  fact: Fact,
  draw: number,
) {
  return {
    sdk_app_id: sdkAppId,
    room_id: roomId,
    subject: fact.subject,
    seat_index: fact.index,
    member_account: fact.memberAccount,
    state: fact.state,
    occupant: fact.occupant,
    source: fact.evidence.source,
    seen_from: fact.evidence.from,
    seen_to: fact.evidence.to,
    draw,
  };
}
