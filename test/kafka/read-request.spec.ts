import { faultsOf, goodPick, readInvalid, readPick } from './records.js';

describe('a request with a readable identity and something wrong', () => {
  it.each([
    ['/type', { type: null }],
    ['/type', { type: 'sit' }],
    ['/type', { type: 'Pick' }],
    ['/type', { type: 7 }],
    ['/memberAccount', { memberAccount: undefined }],
    ['/memberAccount', { memberAccount: '' }],
    ['/memberAccount', { memberAccount: 'é'.repeat(17) }],
    ['/memberAccount', { memberAccount: 12 }],
    ['/memberAccount', { memberAccount: 'a\u0000' }],
    ['/memberAccount', { memberAccount: 'a\u007f' }],
    ['/index', { index: -1 }],
    ['/index', { index: 1.5 }],
    ['/index', { index: '1' }],
    ['/index', { index: 2_147_483_648 }],
    ['/index', { index: [1] }],
    ['/policy', { policy: 'force' }],
    ['/targetRequestId', { targetRequestId: '' }],
    ['/deadline', { deadline: 'soon' }],
    ['/deadline', { deadline: 1_772_366_400 }],
    ['/deadline', { deadline: '2026-02-30T00:00:00Z' }],
    ['/priority', { priority: 'urgent' }],
    ['/sdkAppId', { sdkAppId: 1_400_000_001 }],
    ['/sdkAppId', { sdkAppId: '1400000000' }],
    ['/note', { note: 'x'.repeat(201) }],
    ['/requestedBy', { requestedBy: 'x'.repeat(129) }],
    ['/source', { source: '\u001b[31m' }],
    ['/correlationId', { correlationId: {} }],
    ['/metadata', { metadata: [] }],
    ['/metadata', { metadata: { a: 1 } }],
    ['/metadata', { metadata: { a: 'x'.repeat(1_024) } }],
    ['/metadata', { metadata: { 'a\u0000': 'x' } }],
    ['/metadata', { metadata: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`k${i}`, 'v'])) }],
  ])('is invalid at %s: %j', (pointer, change) => {
    expect(faultsOf({ ...goodPick, ...change })).toEqual([pointer]);
  });

  it.each(['kick', 'move', 'lock', 'unlock', 'cancel'])('%s is readable and not supported yet', (type) => {
    expect(readInvalid({ ...goodPick, type })).toMatchObject({
      askedType: type,
      memberAccount: 'user2',
      index: 1,
      errors: [
        { pointer: '/type', detail: `${type} is not supported yet by this version. It supports pick.` },
      ],
    });
  });

  it.each([{}, { indexes: [2, 1] }])('a pick of any seat is not supported yet: %j', (more) => {
    const { errors } = readInvalid({ ...goodPick, index: undefined, ...more });
    expect(errors).toEqual([
      { pointer: '/index', detail: expect.stringContaining('not supported yet by this version') as string },
    ]);
  });

  it('index and indexes exclude each other', () => {
    expect(faultsOf({ ...goodPick, indexes: [1] })).toEqual(['/indexes']);
    expect(faultsOf({ ...goodPick, index: null, indexes: 'all' })).toEqual(['/indexes', '/index']);
  });

  it('tells everything that is wrong at once, and keeps what could be read', () => {
    const invalid = readInvalid({
      ...goodPick,
      index: -1,
      priority: 'urgent',
      deadline: 'soon',
      source: 'game',
      sdkAppId: 5,
    });
    expect(invalid.errors.map(({ pointer }) => pointer)).toEqual([
      '/index',
      '/sdkAppId',
      '/priority',
      '/deadline',
    ]);
    expect(invalid).toMatchObject({
      sdkAppId: 0,
      memberAccount: 'user2',
      index: null,
      source: 'game',
      priority: 'normal',
    });
  });

  it('keeps no text that cannot be stored', () => {
    const invalid = readInvalid(
      String.raw`{"requestId":"r","roomId":"a","type":"\u0000","memberAccount":"\udc00","source":"\ud800"}`,
    );
    expect(invalid).toMatchObject({ askedType: null, memberAccount: null, source: null });
  });

  it('names the lone surrogate in a field', () => {
    expect(
      readInvalid(String.raw`{"requestId":"r","roomId":"a","type":"pick","memberAccount":"\ud83d","index":1}`)
        .errors,
    ).toEqual([
      {
        pointer: '/memberAccount',
        detail: 'memberAccount must hold no control characters and no lone surrogates.',
      },
    ]);
  });
});

describe('numbers', () => {
  const withIndex = (index: string): string =>
    JSON.stringify(goodPick).replace('"index":1', `"index":${index}`);

  it.each([
    ['1.0', 1],
    ['1e0', 1],
    ['1E+0', 1],
    ['10e-1', 1],
    ['0.1e1', 1],
    ['1.00000000000000000000', 1],
    ['-0', 0],
    ['0e999999999999', 0],
    ['2147483647', 2_147_483_647],
  ])('%s is the integer %d', (text, index) => {
    expect(Object.is(readPick(withIndex(text)).index, index)).toBe(true);
  });

  it.each([
    '1.00000000000000000001',
    '1e-400',
    '0.99999999999999999999',
    '1e400',
    '9007199254740993',
    '1e999999999',
    '-1',
  ])('%s is never read as something else', (text) => {
    expect(faultsOf(withIndex(text))).toEqual(['/index']);
  });

  it('an application id above 2^53 is not taken for its neighbour', () => {
    expect(faultsOf(JSON.stringify(goodPick).replace('{', '{"sdkAppId":1400000000.00000000001,'))).toEqual([
      '/sdkAppId',
    ]);
  });
});

describe('CloudEvents headers', () => {
  const withoutId = { ...goodPick, requestId: undefined };

  it('fill what is missing', () => {
    const headers = { ce_id: Buffer.from('event-1'), ce_source: Buffer.from('/game') };
    expect(readPick(withoutId, headers)).toMatchObject({ requestId: 'event-1', source: '/game' });
  });

  it('may say the same', () => {
    const headers = { ce_id: Buffer.from('req-1'), ce_source: Buffer.from('game') };
    expect(readPick({ ...goodPick, source: 'game' }, headers)).toMatchObject({
      requestId: 'req-1',
      source: 'game',
    });
  });

  it('must not disagree', () => {
    const headers = { ce_id: Buffer.from('event-1'), ce_source: Buffer.from('/game') };
    expect(faultsOf({ ...goodPick, source: 'game' }, headers)).toEqual(['/requestId', '/source']);
    expect(readInvalid(goodPick, headers).requestId).toBe('req-1');
  });

  it('must fit the fields they fill', () => {
    expect(faultsOf(goodPick, { ce_source: Buffer.from('x'.repeat(129)) })).toEqual(['/source']);
  });

  it('a traceparent of another shape is left out', () => {
    expect(readPick(goodPick, { traceparent: Buffer.from('00-xyz') }).traceparent).toBeNull();
  });
});

describe('names that objects inherit', () => {
  it('are fields like any other, and harmless', () => {
    const text = JSON.stringify(goodPick).replace(
      '{',
      '{"__proto__":{"index":7},"constructor":1,"toString":null,',
    );
    expect(readPick(text)).toMatchObject({ index: 1, source: null });
    expect(({} as { index?: number }).index).toBeUndefined();
  });

  it('do not fill what is missing', () => {
    expect(
      faultsOf(JSON.stringify({ ...goodPick, index: undefined }).replace('{', '{"__proto__":{"index":7},')),
    ).toEqual(['/index']);
  });

  it('survive in the metadata', () => {
    const text = JSON.stringify(goodPick).replace(
      '{',
      '{"metadata":{"__proto__":"a","constructor":"b","gone":null},',
    );
    expect(JSON.stringify(readPick(text).metadata)).toBe('{"__proto__":"a","constructor":"b"}');
  });
});
