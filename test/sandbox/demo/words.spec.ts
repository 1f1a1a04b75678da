import { sentence, shortSentence } from '../../../sandbox/demo/words.js';
import type { SeenOutcome } from '../../../sandbox/demo/seen-outcome.js';
import { doneOf, outcomeOf } from './outcomes.js';

const cases: readonly (readonly [string, SeenOutcome, string, string])[] = [
  [
    'a refusal by the mirror',
    outcomeOf(),
    'Mia → seat 1 of late-night-jazz: refused, seat-occupied (held by Tom), decided by the mirror from an own call 0.4 s old, no call',
    'Mia → late-night-jazz 1: seat-occupied by Tom · mirror, 0.4 s old, no call',
  ],
  [
    'a refusal by Tencent',
    outcomeOf({ reason: 'not-a-member', decidedBy: 'tencent', evidence: null, attempts: 1 }),
    'Mia → seat 1 of late-night-jazz: refused, not-a-member, Tencent was asked, 1 call',
    'Mia → late-night-jazz 1: not-a-member · tencent, 1 call',
  ],
  [
    'a seat',
    doneOf(),
    'Mia → seat 1 of late-night-jazz: seated, Tencent was asked, 1 call',
    'Mia → late-night-jazz 1: seated · tencent, 1 call',
  ],
  [
    'a seat whose answer was lost',
    doneOf({ decidedBy: 'read-back', attempts: 2 }),
    'Mia → seat 1 of late-night-jazz: seated, the answer was lost, so the seats were read back, 2 calls',
    'Mia → late-night-jazz 1: seated · read-back, 2 calls',
  ],
  [
    'a test of the mirror',
    doneOf({ predicted: 'seat-occupied' }),
    'Mia → seat 1 of late-night-jazz: seated, Tencent was asked to test the mirror, which would have said seat-occupied, 1 call',
    'Mia → late-night-jazz 1: seated · tencent, 1 call',
  ],
  [
    'an invalid request',
    outcomeOf({
      memberAccount: null,
      index: null,
      reason: 'invalid-request',
      decidedBy: 'validation',
      evidence: null,
    }),
    'somebody → a seat of late-night-jazz: refused, invalid-request, the message is wrong, no call',
    'somebody → late-night-jazz ?: invalid-request · validation, no call',
  ],
  [
    'an end by the deadline',
    outcomeOf({ status: 'expired', reason: 'deadline-passed', decidedBy: 'deadline', evidence: null }),
    'Mia → seat 1 of late-night-jazz: expired, deadline-passed, no time was left, no call',
    'Mia → late-night-jazz 1: deadline-passed · deadline, no call',
  ],
  [
    'words that are new to the demo',
    outcomeOf({ status: 'cancelled', reason: null, decidedBy: 'cancel', evidence: null }),
    'Mia → seat 1 of late-night-jazz: cancelled, decided by cancel, no call',
    'Mia → late-night-jazz 1: cancelled · cancel, no call',
  ],
];

describe('an outcome in words', () => {
  it.each(cases)('%s', (_, outcome, long, short) => {
    expect(sentence(outcome)).toBe(long);
    expect(shortSentence(outcome)).toBe(short);
  });
});
