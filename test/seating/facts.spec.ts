import fc from 'fast-check';
import type { Answer, Reading } from '../../src/seating/answer.js';
import { factsOfAnswer, factsOfReading, mergeFacts } from '../../src/seating/facts.js';
import type { Evidence, EvidenceSource, Fact } from '../../src/seating/room.js';
import { aCall, done, free, held, later, locked } from '../support/builders/answers.js';
import { readNone, readOf, refused, unknown, unusable } from '../support/builders/answers.js';
import { seat, told } from '../support/builders/facts.js';
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
});

/** A fact about seat 1 seen in `[from, to]`: `at('held', 'user2', [10, 20])`. */
function at(
  state: string,
  occupant: string | null,
  [from, to]: readonly [number, number],
  source: EvidenceSource = 'own-call',
): Fact {
  return { ...told(seat(1, state, occupant)), evidence: { source, from, to } };
}

describe('two facts about one seat', () => {
  const unknownFrom = (from: number, to: number): Fact => at('unknown', null, [from, to], 'read');

  it.each<[string, Fact, Fact, Fact, boolean]>([
    [
      'contradict each other, the told one is newer: it wins',
      at('held', 'user2', [10, 20]),
      at('free', null, [21, 30], 'read'),
      at('free', null, [21, 30], 'read'),
      true,
    ],
    [
      'contradict each other, the told one is older: it is ignored',
      at('held', 'user2', [21, 30]),
      at('free', null, [10, 20], 'read'),
      at('held', 'user2', [21, 30]),
      false,
    ],
    [
      'contradict each other and overlap: nothing is known',
      at('held', 'user2', [10, 20]),
      at('free', null, [15, 30], 'read'),
      unknownFrom(15, 30),
      true,
    ],
    [
      'contradict each other and touch in one millisecond, told newer: nothing is known',
      at('held', 'user2', [10, 20]),
      at('free', null, [20, 30], 'read'),
      unknownFrom(20, 30),
      true,
    ],
    [
      'contradict each other and touch in one millisecond, told older: nothing is known',
      at('held', 'user2', [20, 30], 'read'),
      at('free', null, [10, 20]),
      unknownFrom(20, 30),
      true,
    ],
    [
      'name different occupants and overlap: nothing is known',
      at('held', 'user2', [10, 20]),
      at('held', 'user7', [15, 30], 'read'),
      unknownFrom(15, 30),
      true,
    ],
    [
      'name different occupants, the told one newer: it wins',
      at('held', 'user2', [10, 20]),
      at('held', 'user7', [21, 30], 'read'),
      at('held', 'user7', [21, 30], 'read'),
      true,
    ],
    [
      'agree: confirmed by the newer evidence',
      at('held', 'user2', [10, 20]),
      at('held', 'user2', [15, 30], 'read'),
      at('held', 'user2', [15, 30], 'read'),
      false,
    ],
    [
      'agree, and the told evidence ends earlier: the known one keeps its source',
      at('held', 'user2', [10, 30]),
      at('held', 'user2', [15, 20], 'read'),
      at('held', 'user2', [15, 30]),
      false,
    ],
    [
      'agree that it is held, and the told one knows by whom: it is learned',
      at('held', null, [10, 20]),
      at('held', 'user2', [15, 30], 'read'),
      at('held', 'user2', [15, 30], 'read'),
      false,
    ],
    [
      'agree that it is held, and the told one does not know by whom: it is kept',
      at('held', 'user2', [10, 20]),
      at('held', null, [15, 30], 'rejection'),
      at('held', 'user2', [15, 30], 'rejection'),
      false,
    ],
    [
      'one is unknown and the told one is newer: something is known again',
      unknownFrom(15, 30),
      at('free', null, [31, 40], 'read'),
      at('free', null, [31, 40], 'read'),
      true,
    ],
    [
      'one is unknown and the told one may be as old: nothing is known still',
      unknownFrom(15, 30),
      at('free', null, [30, 40], 'read'),
      unknownFrom(30, 40),
      true,
    ],
  ])('%s', (_, knownFact, toldFact, fact, changed) => {
    expect(mergeFacts(knownFact, toldFact)).toEqual({ fact, changed });
  });
});

describe('whatever two facts about one seat say', () => {
  const evidence: fc.Arbitrary<Evidence> = fc
    .record({
      source: fc.constantFrom<EvidenceSource>('own-call', 'rejection', 'read'),
      from: fc.integer({ min: 0, max: 30 }),
      length: fc.integer({ min: 0, max: 10 }),
    })
    .map(({ source, from, length }) => ({ source, from, to: from + length }));
  const state = fc.constantFrom<[string, string | null][]>(
    ['free', null],
    ['locked', null],
    ['held', null],
    ['held', 'user2'],
    ['held', 'user7'],
  );
  const fact = fc
    .tuple(state, evidence)
    .map(([[word, occupant], { from, to, source }]) => at(word, occupant, [from, to], source));
  /** One that the mirror may hold: also unknown. */
  const knownFact = fc.oneof(
    { weight: 5, arbitrary: fact },
    { weight: 1, arbitrary: evidence.map(({ from, to, source }) => at('unknown', null, [from, to], source)) },
  );

  const contradict = (one: Fact, other: Fact): boolean =>
    one.state !== other.state ||
    (one.occupant !== null && other.occupant !== null && one.occupant !== other.occupant);

  function holds(property: (knownOne: Fact, toldOne: Fact) => void): void {
    fc.assert(fc.property(knownFact, fact, property), { numRuns: 500 });
  }

  it('telling the same twice is like telling it once', () => {
    holds((one, other) => {
      const once = mergeFacts(one, other).fact;
      const twice = mergeFacts(once, other);
      expect(twice.fact).toEqual(once);
      if (once.state !== 'unknown') expect(twice.changed).toBe(false);
    });
  });

  it('what is wholly older never wins', () => {
    holds((one, other) => {
      fc.pre(other.evidence.to < one.evidence.from);
      expect(mergeFacts(one, other)).toEqual({ fact: one, changed: false });
    });
  });

  it('what is wholly newer is always believed', () => {
    holds((one, other) => {
      fc.pre(other.evidence.from > one.evidence.to);
      const { fact: believed } = mergeFacts(one, other);
      expect(believed.state).toBe(other.state);
      expect(believed.evidence).toEqual(other.evidence);
      if (other.occupant !== null) expect(believed.occupant).toBe(other.occupant);
    });
  });

  it('agreement changes nothing, and never makes a thing unknown', () => {
    holds((one, other) => {
      fc.pre(!contradict(one, other));
      const { fact: believed, changed } = mergeFacts(one, other);
      expect(changed).toBe(false);
      expect(believed.state).toBe(one.state);
    });
  });

  it('a contradiction that overlaps makes it unknown: who is right cannot be told', () => {
    holds((one, other) => {
      fc.pre(contradict(one, other));
      fc.pre(other.evidence.to >= one.evidence.from && other.evidence.from <= one.evidence.to);
      expect(mergeFacts(one, other)).toMatchObject({
        fact: { state: 'unknown', occupant: null },
        changed: true,
      });
    });
  });

  it('the evidence never becomes older, and was never seen later than it was', () => {
    holds((one, other) => {
      const { evidence: merged } = mergeFacts(one, other).fact;
      expect(merged.from).toBeGreaterThanOrEqual(one.evidence.from);
      expect(merged.to).toBe(Math.max(one.evidence.to, other.evidence.to));
      expect(merged.from).toBeLessThanOrEqual(merged.to);
    });
  });

  it('a change of what is believed is always told', () => {
    holds((one, other) => {
      const { fact: believed, changed } = mergeFacts(one, other);
      if (contradict(one, believed)) expect(changed).toBe(true);
    });
  });
});
