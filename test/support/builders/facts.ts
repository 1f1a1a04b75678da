import type { Evidence, Fact, FactKey, KnownFact } from '../../../src/seating/room.js';
import { arrival } from './requests.js';

/** Seen a second ago by a call of our own. */
export const aSecondAgo: Evidence = { source: 'own-call', from: arrival - 1_020, to: arrival - 1_000 };

/** A fact about a whole room: `of('fullness', 'full')`. */
export function of(subject: Exclude<FactKey['subject'], 'seat' | 'member'>, state: string): KnownFact {
  return known({ subject, state });
}

/** A fact about a seat; `occupant`: who holds it, null for somebody or nobody. */
export function seat(index: number, state: string, occupant: string | null = null): KnownFact {
  return known({ subject: 'seat', index, state, occupant });
}

/** Whether an account is in the room. */
export function member(memberAccount: string, state: string): KnownFact {
  return known({ subject: 'member', memberAccount, state });
}

/** The same fact, last seen so many milliseconds before `arrival`. */
export function aged(fact: KnownFact, ageMs: number): KnownFact {
  return { ...fact, evidence: { ...fact.evidence, from: arrival - ageMs - 20, to: arrival - ageMs } };
}

/** What is told of a thing, without what the mirror adds. */
export function told({ subject, index, memberAccount, state, occupant, evidence }: KnownFact): Fact {
  return { subject, index, memberAccount, state, occupant, evidence };
}

function known(changes: Partial<KnownFact>): KnownFact {
  return {
    subject: 'room',
    index: -1,
    memberAccount: '',
    state: '',
    occupant: null,
    evidence: aSecondAgo,
    version: 7,
    draw: 0.5,
    ...changes,
  };
}
