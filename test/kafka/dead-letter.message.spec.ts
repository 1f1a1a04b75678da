import { createHash } from 'node:crypto';
import { encodeDeadLetter } from '../../src/kafka/dead-letter.message.js';
import { recordOf } from './records.js';

const plain = (headers: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(headers).map(([key, value]) => [key, [value].flat().map(String).join('|')]),
  );

describe('a dead letter on the wire', () => {
  it('has the original key, value and headers, and says why, where and when', () => {
    const record = recordOf('{"a":', {
      key: Buffer.from('room'),
      headers: { trace: Buffer.from('t'), twice: [Buffer.from('1'), Buffer.from('2')] },
    });
    const { message } = encodeDeadLetter(record, 'not-json', 'Broken.');
    expect(message.key).toBe(record.key);
    expect(message.value).toBe(record.value);
    expect(plain(message.headers ?? {})).toEqual({
      trace: 't',
      twice: '1|2',
      dl_reason: 'not-json',
      dl_detail: 'Broken.',
      dl_topic: 'seat.requests',
      dl_partition: '3',
      dl_offset: '42',
      dl_time: '2026-03-01T12:00:00.000Z',
    });
  });

  it('keeps a tombstone a tombstone', () => {
    expect(encodeDeadLetter(recordOf('', { value: null }), 'empty', '').message.value).toBeNull();
  });

  it('keeps headers with names that objects inherit, and without a value', () => {
    const headers = JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>;
    const withNull = { ...headers, none: null as unknown as string };
    const { message } = encodeDeadLetter(recordOf('x', { headers: withNull }), 'not-json', '');
    expect(Object.keys(message.headers ?? {}).slice(0, 4)).toEqual([
      '__proto__',
      'constructor',
      'none',
      'dl_reason',
    ]);
  });

  it('cuts a value that cannot fit, and tells its size and hash', () => {
    const value = Buffer.alloc(1_200_000, 'v');
    const { message, bytes } = encodeDeadLetter(recordOf(value), 'too-large', 'Too large.');
    expect(message.value).toHaveLength(1_000_000);
    expect(plain(message.headers ?? {})).toMatchObject({
      dl_value_bytes: '1200000',
      dl_value_sha256: createHash('sha256').update(value).digest('hex'),
    });
    expect(bytes).toBeLessThan(1_048_000);
  });

  it('leaves the headers out when they alone cannot fit', () => {
    const headers = { huge: Buffer.alloc(1_100_000) };
    const { message } = encodeDeadLetter(recordOf('value', { headers }), 'identity', '');
    expect(message.headers).not.toHaveProperty('huge');
    expect(plain(message.headers ?? {})).toMatchObject({
      dl_reason: 'identity',
      dl_headers_bytes: '1100014',
    });
  });

  it('is the same bytes however often it is made', () => {
    const encode = (): string =>
      JSON.stringify(encodeDeadLetter(recordOf('x', { appendedAt: null }), 'not-json', 'd'));
    expect(encode()).toBe(encode());
  });
});
