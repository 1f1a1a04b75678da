import fc from 'fast-check';
import { mergeFacts } from '../../src/seating/facts.js';
import type { Evidence, EvidenceSource, Fact } from '../../src/seating/room.js';
import { seat, told } from '../support/builders/facts.js';

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

  /** Somebody without a name is seen there, wholly later. */
  const isForgottenBy = (one: Fact, other: Fact): boolean =>
    one.state === other.state &&
    one.occupant !== null &&
    other.occupant === null &&
    other.evidence.from > one.evidence.to;

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
      fc.pre(!contradict(one, other) && !isForgottenBy(one, other));
      const { fact: believed, changed } = mergeFacts(one, other);
      expect(changed).toBe(false);
      expect(believed.state).toBe(one.state);
    });
  });

  it('whoever sat there is forgotten when somebody without a name is seen there later: it may be another one', () => {
    holds((one, other) => {
      fc.pre(isForgottenBy(one, other));
      expect(mergeFacts(one, other)).toEqual({ fact: other, changed: true });
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
