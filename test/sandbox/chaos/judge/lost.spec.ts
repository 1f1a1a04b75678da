import { Story } from './histories.js';
import { told } from './judged.js';

function asked(value: object | string, key = 'room-0'): { key: Buffer; value: Buffer } {
  return {
    key: Buffer.from(key),
    value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  };
}

describe('judging what was lost', () => {
  it('tells nothing of requests that were answered and recorded', () => {
    const story = new Story();
    story.seat(0, 'a');
    story.seat(200, 'b', { memberAccount: 'user-2', index: 2 });
    expect(told(story)).toEqual([]);
  });

  it('tells a request without outcome, and that it is in no row', () => {
    const story = new Story();
    story.ask(0, 'a');
    expect(told(story)).toEqual([
      'P1 a: lost: there is no outcome in the topic',
      'P1 a: recorded 0 times instead of once',
    ]);
  });

  it('tells an outcome that is recorded twice', () => {
    const story = new Story();
    story.seat(0, 'a');
    story.recorded.push(...story.recorded);
    expect(told(story)).toEqual(['P1 a: recorded 2 times instead of once']);
  });

  it('tells an outcome and a row that nobody asked for', () => {
    const story = new Story();
    story.seat(0, 'a');
    expect(told(story, { requests: [], offsets: [], calls: [], effects: [], claims: [] })).toEqual([
      'P1 a: an outcome that nobody asked for',
      'P1 a: a recorded outcome that nobody asked for',
    ]);
  });

  it('tells an outcome that answers another seat than was asked for', () => {
    const story = new Story();
    story.ask(0, 'a');
    story.settle(50, 'a', { status: 'expired', decidedBy: 'deadline', requestedIndex: 7 });
    expect(told(story)).toEqual(['P1 a: the outcome answers something else than was asked']);
  });

  it('tells a sound request that was refused as invalid', () => {
    const story = new Story();
    story.ask(0, 'a', {}, { metadata: { from: 'test' }, deadline: '2026-01-01T12:00:30Z' });
    story.settle(50, 'a', { status: 'rejected', reason: 'invalid-request', decidedBy: 'validation' });
    expect(told(story)).toEqual(['P1 a: the outcome answers something else than was asked']);
  });

  it('takes the refusal of a request without a member for right', () => {
    const story = new Story();
    story.ask(0, 'a', {}, { memberAccount: null });
    story.settle(50, 'a', { status: 'rejected', reason: 'invalid-request', decidedBy: 'validation' });
    expect(told(story)).toEqual([]);
  });

  it.each([
    ['a tombstone', { value: null }],
    ['an empty value', { value: Buffer.alloc(0) }],
    ['no JSON', asked('{"requestId"')],
    ['an array', asked('[]')],
    ['no identity', asked({ roomId: 'room-0' })],
    ['an id beyond ASCII', asked({ requestId: 'ä', roomId: 'room-0' })],
    ['a room of more than 48 bytes', asked({ requestId: 'a', roomId: 'r'.repeat(49) }, 'r'.repeat(49))],
    ['a key that is not the room', asked({ requestId: 'a', roomId: 'room-0' }, 'room-1')],
    ['bytes that are no UTF-8', { value: Buffer.from('{"requestId":"\xff","roomId":"room-0"}', 'latin1') }],
    ['more than 65536 bytes', asked({ requestId: 'a', roomId: 'room-0', pad: 'x'.repeat(65_536) })],
    ['33 levels', asked(`{"requestId":"a","roomId":"room-0","deep":${'['.repeat(32)}${']'.repeat(32)}}`)],
    ['the frame of a schema registry', { value: Buffer.from('\0\0\0\0\u0001{}') }],
  ])('wants a dead letter of a message with %s', (_kind, message) => {
    const story = new Story();
    story.send(0, message);
    expect(told(story)).toEqual([
      'P9 -: lost: message 0/0 cannot be read, and there is no dead letter of it',
    ]);
  });

  it.each(['outcome', 'dead letter'])('takes an %s of a message with one name twice', (answer) => {
    const story = new Story();
    const value = '{"requestId":"a","roomId":"room-0","index":1,"index":2}';
    const message = story.send(0, asked(value));
    expect(told(story)).toHaveLength(1);
    story.wishes.set('a', { roomId: 'room-0', memberAccount: 'user-1', index: 1 });
    if (answer === 'outcome') story.settle(10, 'a', { status: 'expired', decidedBy: 'deadline' });
    else story.bury(10, message, 'not-json');
    expect(told(story)).toEqual([]);
  });

  it('reads past a byte order mark, the order of names, escapes and missing keys', () => {
    const story = new Story();
    story.ask(0, 'a');
    story.requests.length = 0;
    const text =
      '\u{feff}{ "index": 1.0, "memberAccount": "user\\u002d1", "roomId": "room-0", "x": "a\\":", "type": "pick", "requestId": "a" }';
    story.send(0, { key: null, value: Buffer.from(text) });
    story.settle(50, 'a', { status: 'expired', decidedBy: 'deadline' });
    expect(told(story)).toEqual([]);
  });
});

describe('judging an id that comes twice', () => {
  it('takes one outcome for the same content, whatever its order and its unknown fields', () => {
    const story = new Story();
    story.seat(0, 'a');
    const fields = {
      index: 1,
      memberAccount: 'user-1',
      roomId: 'room-0',
      type: 'pick',
      requestId: 'a',
      more: 1,
    };
    story.send(100, asked(fields));
    expect(told(story)).toEqual([]);
  });

  it('wants a dead letter of other content', () => {
    const story = new Story();
    story.seat(0, 'a');
    const second = story.ask(100, 'a', { index: 2 });
    expect(told(story)).toEqual(['P1 a: message 0/1 reuses an id for other content, and is no dead letter']);
    story.bury(150, second, 'request-id-reused');
    expect(told(story)).toEqual([]);
  });

  it('tells a dead letter for another reason', () => {
    const story = new Story();
    story.seat(0, 'a');
    story.bury(150, story.ask(100, 'a', { index: 2 }), 'identity');
    expect(told(story)).toEqual([
      'P1 a: message 0/1 reuses an id for other content, and is a dead letter for another reason (identity)',
    ]);
  });

  it('tells when the later content was answered', () => {
    const story = new Story();
    const first = story.ask(0, 'a', { index: 2 });
    story.seat(10, 'a');
    story.bury(150, first, 'request-id-reused');
    expect(told(story)).toEqual([
      'P1 a: a later message with the same id and other content was answered instead',
    ]);
  });

  it('takes either content where the rooms, and with them the partitions, differ', () => {
    const story = new Story();
    story.bury(150, story.ask(0, 'a', { roomId: 'room-1' }), 'request-id-reused');
    story.seat(200, 'a');
    expect(told(story)).toEqual([]);
  });

  it('tells a dead letter of a message that was answered', () => {
    const story = new Story();
    const message = story.ask(0, 'a');
    story.settle(50, 'a', { status: 'expired', decidedBy: 'deadline' });
    story.bury(90, message, 'identity');
    expect(told(story)).toEqual(['P1 a: answered, and yet a dead letter as well: 0/0']);
  });
});
