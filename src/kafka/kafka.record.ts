import type { IHeaders, KafkaMessage } from 'kafkajs';

/** One record as it lies in Kafka. */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
  /** When the broker appended it, epoch milliseconds; null where the record carries no usable time. */
  readonly appendedAt: number | null;
}

/** A record out of a kafkajs batch. */
export function toRecord(topic: string, partition: number, message: KafkaMessage): KafkaRecord {
  const appendedAt = Number(message.timestamp);
  return {
    topic,
    partition,
    offset: message.offset,
    key: message.key,
    value: message.value,
    headers: message.headers ?? {},
    // Producers of format v1 may send -1: "no time".
    appendedAt: appendedAt > 0 ? appendedAt : null,
  };
}

/**
 * All headers, in the order of their first appearance. Null values become empty ones (kafkajs cannot write null), and
 * anything that is no header is left out (kafkajs mixes in inherited members for names such as `constructor`).
 */
export function headerList(headers: IHeaders): { key: string; value: Buffer }[] {
  return Object.entries(headers).flatMap(([key, values]) =>
    [values].flat().flatMap((value) => {
      const bytes = headerBytes(value);
      return bytes === null ? [] : [{ key, value: bytes }];
    }),
  );
}

/** The text of a header, null when it is absent; of several with one name the last one counts. */
export function headerText(headers: IHeaders, name: string): string | null {
  if (!Object.hasOwn(headers, name)) return null;
  const values = headers[name];
  const bytes = headerBytes(Array.isArray(values) ? values.at(-1) : values);
  return bytes === null || bytes.length === 0 ? null : bytes.toString();
}

function headerBytes(value: unknown): Buffer | null {
  if (value === null) return Buffer.alloc(0);
  if (Buffer.isBuffer(value)) return value;
  return typeof value === 'string' ? Buffer.from(value) : null;
}
