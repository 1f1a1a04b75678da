import { readIdentity } from './request.identity.js';
import type { DeadLetterReason } from './dead-letter.reasons.js';
import type { KafkaRecord } from './kafka.record.js';
import { readJson } from './read-json.js';
import { readRequest } from './read-request.js';
import type { RequestRules } from './read-request.js';
import type { SeatRequest } from '../seating/seat-request.js';

/** What a message turned out to be. */
export type MessageReading =
  | { readonly kind: 'request'; readonly request: SeatRequest }
  | { readonly kind: 'dead-letter'; readonly reason: DeadLetterReason; readonly detail: string };

const dayMs = 86_400_000;

/**
 * Bytes → request, or a sentence saying why not. A message whose `requestId` and `roomId` can be read is a request, if
 * need be an invalid one; any other is a dead letter. Never throws. Source: `contract.md` sections 3 and 8.
 */
export function readMessage(record: KafkaRecord, receivedAt: number, rules: RequestRules): MessageReading {
  const value = record.value;
  if (value === null || value.length === 0) {
    return refuse('empty', 'The message has no value. Send the request as a JSON object.');
  }
  if (value.length > rules.maxBytes) {
    return refuse(
      'too-large',
      `The value has ${value.length} bytes; at most ${rules.maxBytes} are read. Send less.`,
    );
  }
  if (value[0] === 0) {
    return refuse(
      'schema-registry-framing',
      'The value begins with byte 0, the framing of a schema registry. Send plain JSON, without a registry serializer.',
    );
  }
  const json = readJson(value);
  if (!json.ok) return refuse('not-json', json.detail);
  if (typeof json.value !== 'object' || json.value === null || Array.isArray(json.value)) {
    return refuse('identity', 'The value is JSON but no object. Send one object with requestId and roomId.');
  }
  return readFields(json.value as Record<string, unknown>, record, receivedAt, rules);
}

function readFields(
  fields: Readonly<Record<string, unknown>>,
  record: KafkaRecord,
  receivedAt: number,
  rules: RequestRules,
): MessageReading {
  const identity = readIdentity(fields, record.headers);
  if (typeof identity === 'string') return refuse('identity', identity);
  // Some clients cannot tell an empty key from none.
  if (record.key !== null && record.key.length > 0 && !record.key.equals(Buffer.from(identity.roomId))) {
    return refuse(
      'key-mismatch',
      'The record key is not the roomId. Send the roomId as key, so that order is kept.',
    );
  }
  const requestedAt = record.appendedAt ?? receivedAt;
  if (receivedAt - requestedAt > rules.idRetentionDays * dayMs) {
    return refuse(
      'too-old',
      `The message was appended more than ${rules.idRetentionDays} days ago, longer than ids are remembered, so it ` +
        'might repeat a request. Send it again with a new requestId.',
    );
  }
  return {
    kind: 'request',
    request: readRequest({ fields, identity, record, requestedAt, receivedAt, rules }),
  };
}

function refuse(reason: DeadLetterReason, detail: string): MessageReading {
  return { kind: 'dead-letter', reason, detail };
}
