import { hash } from 'node:crypto';
import type { IHeaders } from 'kafkajs';
import type { DeadLetterReason } from './dead-letter.reasons.js';
import { headerList } from './kafka.record.js';
import type { KafkaRecord } from './kafka.record.js';
import { formatTime } from './rfc3339.js';
import type { OutgoingMessage } from './topic.writer.js';

/** A record of this size fits a topic with the default `max.message.bytes` (1,048,588), framing included. */
const fitting = 1_000_000;

/**
 * Record → dead letter, as it goes to the topic: key, value and headers untouched, plus `dl_*` headers. Pure, and free of
 * the time it is made at, so that copies after a crash are identical. What is larger than `limit` bytes is cut: the value
 * first (the original's size and hash are told), then the headers.
 */
export function encodeDeadLetter(
  record: KafkaRecord,
  reason: DeadLetterReason,
  detail: string,
  limit = fitting,
): { readonly message: OutgoingMessage; readonly bytes: number } {
  const originals = headerList(record.headers);
  const around = (record.key?.length ?? 0) + sizeOf(originals);
  const value = record.value;
  const fits = around + (value?.length ?? 0) <= limit;
  const room = Math.max(0, limit - around);
  const headers: IHeaders = grouped(around <= limit ? originals : []);
  const told = {
    ...facts(record, reason, detail),
    ...(fits || value === null ? {} : cutFacts(value)),
    ...(around <= limit ? {} : { dl_headers_bytes: String(sizeOf(originals)) }),
  };
  for (const [name, text] of Object.entries(told)) headers[name] = text;
  const message = {
    key: record.key,
    value: fits || value === null ? value : value.subarray(0, room),
    headers,
  };
  return { message, bytes: Math.min(around + (value?.length ?? 0), limit) + detail.length };
}

function facts(record: KafkaRecord, reason: DeadLetterReason, detail: string): Record<string, string> {
  return {
    dl_reason: reason,
    dl_detail: detail,
    dl_topic: record.topic,
    dl_partition: String(record.partition),
    dl_offset: record.offset,
    // Of the append, not of the burial: copies must be identical.
    dl_time: formatTime(record.appendedAt ?? 0),
  };
}

function cutFacts(value: Buffer): Record<string, string> {
  return { dl_value_bytes: String(value.length), dl_value_sha256: hash('sha256', value) };
}

function sizeOf(headers: readonly { key: string; value: Buffer }[]): number {
  return headers.reduce((sum, { key, value }) => sum + Buffer.byteLength(key) + value.length + 10, 0);
}

/** kafkajs takes headers as an object; several with one name form a list. Without prototype, any name is a name. */
function grouped(headers: readonly { key: string; value: Buffer }[]): IHeaders {
  const all = Object.create(null) as Record<string, Buffer[]>;
  for (const { key, value } of headers) (all[key] ??= []).push(value);
  return all;
}
