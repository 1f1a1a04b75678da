import type { IHeaders } from 'kafkajs';
import type { KafkaRecord } from '../../src/kafka/kafka.record.js';
import type { RequestRules } from '../../src/kafka/read-request.js';
import { readMessage } from '../../src/kafka/seat-request.message.js';
import type { InvalidRequest, PickRequest } from '../../src/seating/seat-request.js';

/** When the records of these tests were appended. */
export const appendedAt = Date.parse('2026-03-01T12:00:00.000Z');
/** When they are received. */
export const receivedAt = appendedAt + 250;

export const rules: RequestRules = {
  sdkAppId: 1_400_000_000,
  ttlMs: 30_000,
  maxTtlMs: 300_000,
  idRetentionDays: 8,
  maxBytes: 65_536,
};

/** The fields of a good pick. */
export const goodPick = {
  requestId: 'req-1',
  type: 'pick',
  roomId: 'room-test',
  memberAccount: 'user2',
  index: 1,
};

/** A record with this value: text and bytes as they are, anything else as JSON. */
export function recordOf(value: unknown, changes: Partial<KafkaRecord> = {}): KafkaRecord {
  const bytes = Buffer.isBuffer(value)
    ? value
    : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  return {
    topic: 'seat.requests',
    partition: 3,
    offset: '42',
    key: null,
    value: bytes,
    headers: {},
    appendedAt,
    ...changes,
  };
}

export function readPick(value: unknown, headers: IHeaders = {}): PickRequest {
  const reading = readMessage(recordOf(value, { headers }), receivedAt, rules);
  if (reading.kind !== 'request' || reading.request.type !== 'pick') throw new Error(JSON.stringify(reading));
  return reading.request;
}

export function readInvalid(value: unknown, headers: IHeaders = {}): InvalidRequest {
  const reading = readMessage(recordOf(value, { headers }), receivedAt, rules);
  if (reading.kind !== 'request' || reading.request.type !== 'invalid')
    throw new Error(JSON.stringify(reading));
  return reading.request;
}

/** The pointers of what is wrong with a request. */
export function faultsOf(value: unknown, headers: IHeaders = {}): string[] {
  return readInvalid(value, headers).errors.map(({ pointer }) => pointer);
}

/** `reason: detail` of a dead letter. */
export function deathOf(value: unknown, changes: Partial<KafkaRecord> = {}): string {
  const reading = readMessage(recordOf(value, changes), receivedAt, rules);
  if (reading.kind !== 'dead-letter') throw new Error(`no dead letter: ${JSON.stringify(reading)}`);
  return `${reading.reason}: ${reading.detail}`;
}
