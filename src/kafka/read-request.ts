import type { InvalidRequest, PickRequest, SeatRequest } from '../seating/seat-request.js';
import { FieldReader } from './field.reader.js';
import { headerText } from './kafka.record.js';
import type { KafkaRecord } from './kafka.record.js';
import { contentDigest, rawDigest } from './request.digest.js';
import type { RequestIdentity } from './request.identity.js';
import { parseTime } from './rfc3339.js';
import { textFault } from './text.fault.js';
import type { TextRule } from './text.fault.js';

/** The settings that reading depends on. */
export interface RequestRules {
  /** The application that is configured. */
  readonly sdkAppId: number;
  readonly ttlMs: number;
  readonly maxTtlMs: number;
  readonly idRetentionDays: number;
  readonly maxBytes: number;
}

/** A message whose identity is known. */
export interface IdentifiedMessage {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly identity: RequestIdentity;
  readonly record: KafkaRecord;
  readonly requestedAt: number;
  readonly receivedAt: number;
  readonly rules: RequestRules;
}

type Asked = Omit<PickRequest, 'type' | 'memberAccount' | 'index' | 'digest'>;

const types = ['pick', 'kick', 'move', 'lock', 'unlock', 'cancel'] as const;
const label: TextRule = { min: 0, max: 128, unit: 'characters' };
const account: TextRule = { min: 1, max: 32, unit: 'bytes' };
const traceparentShape = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** A message with a known identity → a pick, or an invalid request that tells everything that is wrong with it. */
export function readRequest(message: IdentifiedMessage): SeatRequest {
  const { fields, identity, record } = message;
  const reader = new FieldReader(fields);
  const type = readType(reader);
  const memberAccount = reader.text('memberAccount', account);
  const index = reader.integer('index');
  const policy = reader.word('policy', ['abort', 'replace', 'swap']);
  const targetRequestId = reader.text('targetRequestId', { ...label, min: 1 });
  if (type === 'pick') requirePickFields(reader);
  const asked = readAsked(reader, message);
  if (type === 'pick' && memberAccount !== null && index !== null && reader.faults.length === 0) {
    const digest = contentDigest({
      type,
      roomId: identity.roomId,
      memberAccount,
      index,
      policy,
      targetRequestId,
    });
    return { ...asked, type, memberAccount, index, digest } satisfies PickRequest;
  }
  return {
    ...asked,
    type: 'invalid',
    askedType: storableText(fields['type']),
    memberAccount,
    index,
    digest: rawDigest(record.value ?? Buffer.alloc(0)),
    errors: reader.faults,
  } satisfies InvalidRequest;
}

function readType(reader: FieldReader): 'pick' | null {
  if (!reader.has('type'))
    return reader.fault('type', `type is missing. It must be one of ${types.join(', ')}.`);
  const type = reader.word('type', types);
  if (type === null || type === 'pick') return type;
  return reader.fault('type', `${type} is not supported yet by this version. It supports pick.`);
}

function requirePickFields(reader: FieldReader): void {
  if (!reader.has('memberAccount')) {
    reader.fault('memberAccount', 'memberAccount is missing. Name the member to be seated.');
  }
  reader.integers('indexes');
  if (!reader.has('index')) {
    const what = reader.has('indexes') ? 'A pick with indexes' : 'A pick without index';
    reader.fault('index', `${what} is not supported yet by this version. Name one seat in index.`);
  } else if (reader.has('indexes')) {
    reader.fault('indexes', 'index and indexes exclude each other. Send one of them.');
  }
}

/** What every request carries, whatever it asks for. */
function readAsked(reader: FieldReader, message: IdentifiedMessage): Asked {
  const { identity, record, requestedAt, receivedAt } = message;
  const { requestId, roomId } = identity;
  if (identity.conflictingId !== null) {
    reader.fault(
      'requestId',
      'The header ce_id names another id than requestId. Send one of them, or the same in both.',
    );
  }
  // Only kicks show it, but a wrong one is wrong everywhere.
  reader.text('note', { min: 0, max: 200, unit: 'bytes' });
  const traceparent = headerText(record.headers, 'traceparent');
  return {
    sdkAppId: readApplication(reader, message.rules.sdkAppId),
    requestId,
    roomId,
    priority: reader.word('priority', ['high', 'normal', 'low']) ?? 'normal',
    ...readDeadline(reader, message),
    requestedAt,
    receivedAt,
    source: readSource(reader, headerText(record.headers, 'ce_source')),
    requestedBy: reader.text('requestedBy', label),
    correlationId: reader.text('correlationId', label),
    metadata: reader.metadata('metadata'),
    traceparent: traceparent !== null && traceparentShape.test(traceparent) ? traceparent : null,
    kafka: { partition: record.partition, offset: record.offset },
  };
}

/** The application asked for; 0 when it is not the one configured. */
function readApplication(reader: FieldReader, configured: number): number {
  if (!reader.has('sdkAppId')) return configured;
  const asked = reader.id('sdkAppId');
  if (asked === configured) return configured;
  if (asked !== null)
    reader.fault(
      'sdkAppId',
      `Application ${asked} is not configured here. This instance serves ${configured}.`,
    );
  return 0;
}

function readDeadline(
  reader: FieldReader,
  message: IdentifiedMessage,
): { deadline: number; deadlineClamped: boolean } {
  // A broker's clock ahead of ours must not lengthen anything.
  const from = Math.min(message.requestedAt, message.receivedAt);
  const text = reader.text('deadline', { min: 1, max: 64, unit: 'characters' });
  const asked = text === null ? null : parseTime(text);
  if (text !== null && asked === null) {
    reader.fault('deadline', 'deadline must be an RFC 3339 time such as 2026-01-31T12:00:00Z.');
  }
  const latest = from + message.rules.maxTtlMs;
  const deadline = asked ?? from + message.rules.ttlMs;
  return { deadline: Math.min(deadline, latest), deadlineClamped: asked !== null && asked > latest };
}

/** `source`, filled from the CloudEvents header where it is missing. */
function readSource(reader: FieldReader, eventSource: string | null): string | null {
  const source = reader.text('source', label);
  if (eventSource === null || source === eventSource) return source;
  if (reader.has('source')) {
    reader.fault(
      'source',
      'The header ce_source names another source. Send one of them, or the same in both.',
    );
    return source;
  }
  const fault = textFault(eventSource, label);
  return fault === null ? eventSource : reader.fault('source', `The header ce_source ${fault}.`);
}

function storableText(value: unknown): string | null {
  return typeof value === 'string' && textFault(value, label) === null ? value : null;
}
