import { hash } from 'node:crypto';
import type { OutcomeMessage } from '../commands/ports.js';
import type { CitedEvidence, Outcome } from '../seating/outcome.js';
import type { SeatRequest } from '../seating/seat-request.js';
import { formatTime } from './rfc3339.js';

/** Namespace of the event ids (a random UUID, fixed for ever). */
const namespace = Buffer.from('6f1c3a52d3c14f5f9c3d0a1be5f2c7e4', 'hex');

/** The event id of a request's outcome: a UUIDv5 of application and request id alone, so that every copy has the same. */
export function outcomeId(sdkAppId: number, requestId: string): string {
  const hex = hash('sha1', Buffer.concat([namespace, Buffer.from(`${sdkAppId}/${requestId}`)]));
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Outcome → CloudEvents 1.0, binary mode. Pure: the same outcome gives the same bytes. Source: `contract.md` section 4. */
export function encodeOutcome(outcome: Outcome): OutcomeMessage {
  const { request } = outcome;
  const id = outcomeId(request.sdkAppId, request.requestId);
  return {
    key: request.roomId,
    value: Buffer.from(JSON.stringify(outcomeBody(id, outcome))),
    headers: Buffer.from(JSON.stringify(eventHeaders(id, request, outcome.settledAt))),
  };
}

/** The fields in the order of the contract; additions stand at the end. */
function outcomeBody(id: string, outcome: Outcome): Record<string, unknown> {
  const { request } = outcome;
  return {
    outcomeId: id,
    requestId: request.requestId,
    type: request.type === 'invalid' ? request.askedType : request.type,
    sdkAppId: request.sdkAppId,
    roomId: request.roomId,
    memberAccount: request.memberAccount,
    index: request.index,
    requestedIndex: request.index,
    requestedIndexes: null,
    fromIndex: null,
    displacedAccount: null,
    status: outcome.status,
    reason: outcome.reason,
    advice: outcome.advice,
    code: outcome.code,
    message: outcome.message,
    decidedBy: outcome.decidedBy,
    evidence: outcome.evidence === null ? null : evidenceBody(outcome.evidence),
    attempts: outcome.attempts,
    tencentRequestId: outcome.tencentRequestId,
    errors: outcome.errors,
    requestedAt: formatTime(request.requestedAt),
    receivedAt: formatTime(request.receivedAt),
    deadline: formatTime(request.deadline),
    settledAt: formatTime(outcome.settledAt),
    requestedBy: request.requestedBy,
    source: request.source,
    correlationId: request.correlationId,
    metadata: request.metadata,
    predicted: outcome.predicted,
    ...(request.deadlineClamped ? { deadlineClamped: true } : {}),
  };
}

function evidenceBody({ source, ageMs, readAt, occupant }: CitedEvidence): Record<string, unknown> {
  return { source, ageMs, readAt: readAt === null ? null : formatTime(readAt), occupant };
}

function eventHeaders(id: string, request: SeatRequest, settledAt: number): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: 'seat.outcome.v1',
    ce_source: `/usher/apps/${request.sdkAppId}`,
    ce_subject: request.roomId,
    ce_partitionkey: request.roomId,
    ce_time: formatTime(settledAt),
    'content-type': 'application/json',
    ...(request.traceparent === null ? {} : { traceparent: request.traceparent }),
  };
}

/** A word of an encoded outcome, for counting, without parsing it: inside texts every quote is escaped. */
export function wordOf(value: Buffer, field: 'status' | 'reason'): string {
  const opening = `"${field}":`;
  const start = value.indexOf(opening) + opening.length;
  if (value[start] !== 0x22) return 'none';
  return value.toString('utf8', start + 1, value.indexOf('"', start + 1));
}
