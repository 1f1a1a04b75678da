import type { Answer, Reading } from '../../src/seating/answer.js';
import { factsOfAnswer, factsOfReading } from '../../src/seating/facts.js';
import type { EvidenceSource, Fact } from '../../src/seating/room.js';
import { aCall, done, free, held, later, locked } from '../support/builders/answers.js';
import { readNone, readOf, refused, unknown, unusable } from '../support/builders/answers.js';
import { arrival } from '../support/builders/requests.js';

/** `seat 1: held by user2`, `member user2: present`, `room: exists`. */
function inWords({ subject, index, memberAccount, state, occupant }: Fact): string {
  const name = [subject, index < 0 ? '' : index, memberAccount].filter((part) => part !== '').join(' ');
  return `${name}: ${state}${occupant === null ? '' : ` by ${occupant}`}`;
}

const inRoom = ['room: exists', 'seating: enabled', 'member user2: present'];

describe('what an answer tells about the room', () => {
  it.each<[string, Answer, string[]]>([
    ['done', done(), [...inRoom, 'seat 1: held by user2']],
    ['100004', refused(100004, 'room-not-found'), ['room: missing']],
    ['100211', refused(100211, 'seats-disabled'), ['room: exists', 'seating: disabled']],
    ['100005', refused(100005, 'not-a-member'), ['room: exists', 'member user2: absent']],
    ['100200', refused(100200, 'seat-locked'), [...inRoom, 'seat 1: locked']],
    ['100205', refused(100205, 'seats-full'), [...inRoom, 'fullness: full']],
    ['100201', refused(100201, 'seat-occupied'), [...inRoom, 'seat 1: held']],
    ['100210', refused(100210, 'seat-occupied'), [...inRoom, 'seat 1: held']],
    ['100202', refused(100202, 'already-queued'), inRoom],
    ['100203', refused(100203, 'already-seated'), inRoom],
    ['100002', refused(100002, 'invalid-request'), []],
    ['a fault of configuration', refused(70009, 'misconfigured', { failed: true }), []],
    ['a refusal without a code', { ...refused(0, 'misconfigured'), code: null }, []],
    ['later', later(), []],
    ['unknown', unknown(), []],
    ['unsent', { kind: 'unsent', message: 'too late' }, []],
  ])('%s', (_, answer, words) => {
    expect(factsOfAnswer(aCall, answer).map(inWords)).toEqual(words);
  });

  it.each<[Answer, EvidenceSource]>([
    [done({ sentAt: 10, answeredAt: 25 }), 'own-call'],
    [refused(100200, 'seat-locked', { sentAt: 10, answeredAt: 25 }), 'rejection'],
  ])('held at some moment between sending and answer', (answer, source) => {
    for (const { evidence } of factsOfAnswer(aCall, answer))
      expect(evidence).toEqual({ source, from: 10, to: 25 });
  });
});

describe('what a read tells about the room', () => {
  it.each<[string, Reading, string[]]>([
    [
      'seats, one of them free',
      readOf([held(0, 'user7'), free(1), locked(2)], arrival),
      [
        'room: exists',
        'seating: enabled',
        'fullness: open',
        'seat-count: 3',
        'seat 0: held by user7',
        'seat 1: free',
        'seat 2: locked',
      ],
    ],
    [
      'seats, held or locked all of them, in any order',
      readOf([locked(1), held(0, 'user7')], arrival),
      [
        'room: exists',
        'seating: enabled',
        'fullness: full',
        'seat-count: 2',
        'seat 1: locked',
        'seat 0: held by user7',
      ],
    ],
    ['an empty list says nothing of seats', readOf([], arrival), ['room: exists']],
    ['no room', readNone('missing', arrival), ['room: missing']],
    ['a room without seats', readNone('disabled', arrival), ['room: exists', 'seating: disabled']],
    ['an answer that cannot be relied on', unusable(arrival), []],
    ['a read that never left', { kind: 'unsent', message: 'too late' }, []],
  ])('%s', (_, reading, words) => {
    expect(factsOfReading(reading).map(inWords)).toEqual(words);
  });

  it('held at some moment from 2 s before the read, as far as Tencent’s reads may lag, to its end', () => {
    for (const { evidence } of factsOfReading(readOf([free(0)], arrival)))
      expect(evidence).toEqual({ source: 'read', from: arrival - 2_000, to: arrival + 30 });
  });

  it('is no newer for being taken in late: Tencent answers within 3 s', () => {
    const late = { ...readOf([free(0)], arrival), answeredAt: arrival + 60_000 };
    for (const { evidence } of factsOfReading(late)) expect(evidence.to).toBe(arrival + 3_500);
    const answer = done({ sentAt: arrival, answeredAt: arrival + 60_000 });
    for (const { evidence } of factsOfAnswer(aCall, answer)) expect(evidence.to).toBe(arrival + 3_500);
  });
});
