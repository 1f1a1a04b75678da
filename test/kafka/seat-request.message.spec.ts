import { readMessage } from '../../src/kafka/seat-request.message.js';
import {
  appendedAt,
  deathOf,
  goodPick,
  readInvalid,
  readPick,
  receivedAt,
  recordOf,
  rules,
} from './records.js';

const json = JSON.stringify(goodPick);

describe('a message that cannot be taken as a request is a dead letter', () => {
  it.each([
    ['a tombstone', { value: null }, 'empty'],
    ['no bytes', { value: Buffer.alloc(0) }, 'empty'],
    ['more bytes than allowed, before anything is read', { value: Buffer.alloc(65_537, '{') }, 'too-large'],
    [
      'registry framing',
      { value: Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), Buffer.from(json)]) },
      'schema-registry-framing',
    ],
    ['no JSON', { value: Buffer.from('{"requestId":') }, 'not-json'],
    ['invalid UTF-8', { value: Buffer.from(json.replace('user2', '\xff'), 'latin1') }, 'not-json'],
    ['a key that is another room', { key: Buffer.from('room-other') }, 'key-mismatch'],
    ['a key that only looks like the room', { key: Buffer.from('room-test ') }, 'key-mismatch'],
  ])('%s', (_, changes, reason) => {
    expect(deathOf(json, changes)).toMatch(new RegExp(`^${reason}: .+\\.$`));
  });

  it.each(['"text"', '7', 'null', 'true', '[]', '[{"requestId":"r"}]'])(
    'JSON without identity: %s',
    (value) => {
      expect(deathOf(value)).toMatch(/^identity: The value is JSON but no object/);
    },
  );

  it.each([
    ['requestId', {}],
    ['requestId', { requestId: null }],
    ['requestId', { requestId: '' }],
    ['requestId', { requestId: 7 }],
    ['requestId', { requestId: 'x'.repeat(129) }],
    ['requestId', { requestId: 'tab\t' }],
    ['requestId', { requestId: 'nul\u0000' }],
    ['requestId', { requestId: 'é' }],
    ['roomId', { requestId: 'r', roomId: null }],
    ['roomId', { requestId: 'r', roomId: '' }],
    ['roomId', { requestId: 'r', roomId: ['a'] }],
    ['roomId', { requestId: 'r', roomId: 'é'.repeat(25) }],
    ['roomId', { requestId: 'r', roomId: 'a\u0085b' }],
    ['roomId', { requestId: 'r', roomId: 'nul\u0000' }],
  ])('an unreadable %s: %j', (field, fields) => {
    expect(deathOf(fields)).toMatch(new RegExp(`^identity: ${field} .*Send a text of`));
  });

  it('lone surrogates in the identity', () => {
    expect(deathOf(String.raw`{"requestId":"r","roomId":"\ud800"}`)).toMatch(/^identity: roomId/);
    expect(readPick({ ...goodPick, roomId: '\u{1f600}' }).roomId).toBe('\u{1f600}');
  });

  it('a message older than the memory for ids', () => {
    const days = 86_400_000 * rules.idRetentionDays;
    expect(deathOf(json, { appendedAt: receivedAt - days - 1 })).toMatch(/^too-old: .* new requestId\.$/);
    expect(readMessage(recordOf(json, { appendedAt: receivedAt - days }), receivedAt, rules).kind).toBe(
      'request',
    );
  });

  it('never throws, whatever the bytes', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      for (const value of [Buffer.from([byte]), Buffer.from([0x7b, byte]), Buffer.from([0x22, byte, 0x22])]) {
        expect(readMessage(recordOf(value), receivedAt, rules).kind).toBe('dead-letter');
      }
    }
    expect(deathOf('['.repeat(60_000))).toMatch(/^not-json: .*32 levels/);
  });

  it('a detail that can be stored even when the message cannot', () => {
    expect(deathOf('{"a":\u0000}')).not.toMatch(/[\p{Cc}\p{Cs}]/u);
    expect(deathOf('\u{1f600}'.repeat(300))).not.toMatch(/[\p{Cc}\p{Cs}]/u);
  });
});

describe('a good pick', () => {
  it('is read with everything it carries', () => {
    expect(
      readPick(
        {
          ...goodPick,
          sdkAppId: 1_400_000_000,
          deadline: '2026-03-01T12:01:00Z',
          priority: 'high',
          requestedBy: 'game-7',
          source: 'game',
          correlationId: 'c-1',
          metadata: { level: '3' },
          note: 'ignored',
          somethingElse: [1.5],
        },
        { traceparent: Buffer.from('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01') },
      ),
    ).toEqual({
      ...goodPick,
      sdkAppId: 1_400_000_000,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      priority: 'high',
      deadline: appendedAt + 60_000,
      deadlineClamped: false,
      requestedAt: appendedAt,
      receivedAt,
      source: 'game',
      requestedBy: 'game-7',
      correlationId: 'c-1',
      metadata: { level: '3' },
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      kafka: { partition: 3, offset: '42' },
    });
  });

  it('takes null for absent and has defaults', () => {
    const optional = [
      'sdkAppId',
      'deadline',
      'priority',
      'requestedBy',
      'source',
      'correlationId',
      'metadata',
      'policy',
      'note',
    ];
    const nulls = Object.fromEntries(optional.map((name) => [name, null]));
    expect(readPick({ ...goodPick, ...nulls })).toEqual(readPick(goodPick));
    expect(readPick(goodPick)).toMatchObject({
      priority: 'normal',
      sdkAppId: 1_400_000_000,
      metadata: {},
      source: null,
    });
  });

  it('may have the room as key, an empty key, or none', () => {
    for (const key of [null, Buffer.alloc(0), Buffer.from('room-test')]) {
      expect(readMessage(recordOf(json, { key }), receivedAt, rules)).toMatchObject({
        request: { type: 'pick' },
      });
    }
  });

  it('may begin with a byte order mark', () => {
    expect(readPick(`\u{feff}${json}`)).toEqual(readPick(json));
  });
});

describe('the time of a request', () => {
  it('runs from the append, but never later than the arrival', () => {
    expect(readPick(goodPick).deadline).toBe(appendedAt + rules.ttlMs);
    const ahead = readMessage(recordOf(json, { appendedAt: receivedAt + 9_000 }), receivedAt, rules);
    expect(ahead).toMatchObject({
      request: { deadline: receivedAt + rules.ttlMs, requestedAt: receivedAt + 9_000 },
    });
  });

  it('runs from the arrival when the record has no time', () => {
    const timeless = readMessage(recordOf(json, { appendedAt: null }), receivedAt, rules);
    expect(timeless).toMatchObject({
      request: { requestedAt: receivedAt, deadline: receivedAt + rules.ttlMs },
    });
  });

  it('is clamped to the longest granted, and says so', () => {
    expect(readPick({ ...goodPick, deadline: '2026-03-01T12:05:00.000Z' })).toMatchObject({
      deadlineClamped: false,
    });
    expect(readPick({ ...goodPick, deadline: '2026-03-01T12:05:00.001Z' })).toMatchObject({
      deadline: appendedAt + rules.maxTtlMs,
      deadlineClamped: true,
    });
  });

  it('may have passed already', () => {
    expect(readPick({ ...goodPick, deadline: '2020-01-01T00:00:00Z' }).deadline).toBe(
      Date.parse('2020-01-01T00:00:00Z'),
    );
  });
});

describe('the digest', () => {
  const digest = (fields: object): string => readPick({ ...goodPick, ...fields }).digest;

  it('does not see order, spacing, number style or what is not part of the question', () => {
    const reordered =
      '{ "index":1.0, "memberAccount":"user\\u0032","type":"pick","requestId":"req-1","roomId":"room-test","x":2 }';
    expect(readPick(reordered).digest).toBe(digest({}));
    const unasked = {
      deadline: '2026-03-01T12:00:01Z',
      priority: 'low',
      source: 's',
      metadata: { a: 'b' },
      note: 'n',
    };
    expect(digest({ ...unasked, requestId: 'other', indexes: null })).toBe(digest({}));
  });

  it.each([
    { roomId: 'r2' },
    { memberAccount: 'u3' },
    { index: 2 },
    { policy: 'swap' },
    { targetRequestId: 't' },
  ])('sees %j', (change) => {
    expect(digest(change)).not.toBe(digest({}));
  });

  it('of an invalid request is over the raw value', () => {
    expect(readInvalid('{"requestId":"r","roomId":"a"}').digest).not.toBe(
      readInvalid('{"roomId":"a","requestId":"r"}').digest,
    );
    expect(readInvalid('{"requestId":"r","roomId":"a"}').digest).toBe(
      readInvalid('{"requestId":"r","roomId":"a"}').digest,
    );
  });
});
