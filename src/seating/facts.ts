import { tellsOf } from './answer.js';
import type { Answer, Reading, SeatCall } from './answer.js';
import { readStalenessMs } from './room.js';
import type { Evidence, Fact, FactKey } from './room.js';

const room = { subject: 'room', index: -1, memberAccount: '' } as const;
const seating = { subject: 'seating', index: -1, memberAccount: '' } as const;
const fullness = { subject: 'fullness', index: -1, memberAccount: '' } as const;
const seatCount = { subject: 'seat-count', index: -1, memberAccount: '' } as const;
const seat = (index: number): FactKey => ({ subject: 'seat', index, memberAccount: '' });
const member = (memberAccount: string): FactKey => ({ subject: 'member', index: -1, memberAccount });

type Stating = (key: FactKey, state: string, occupant?: string | null) => Fact;
const stating =
  (evidence: Evidence): Stating =>
  (key, state, occupant = null) => ({ ...key, state, occupant, evidence });

/** What an answer to our own call tells about the room. An unknown or postponed result tells nothing. */
export function factsOfAnswer(call: SeatCall, answer: Answer): Fact[] {
  if (answer.kind === 'done') return factsOfDone(call, span('own-call', answer));
  if (answer.kind === 'refused')
    return factsOfRefusal(call, answer.code ?? 0, stating(span('rejection', answer)));
  return [];
}

function span(source: 'own-call' | 'rejection', answer: { sentAt: number; answeredAt: number }): Evidence {
  return { source, from: answer.sentAt, to: tellsOf(answer) };
}

function factsOfDone(call: SeatCall, evidence: Evidence): Fact[] {
  const state = stating(evidence);
  return [
    state(room, 'exists'),
    state(seating, 'enabled'),
    state(member(call.memberAccount), 'present'),
    state(seat(call.index), 'held', call.memberAccount),
  ];
}

/** Refusals in the order in which Tencent is thought to check: whatever is refused late has passed the earlier checks. */
function factsOfRefusal(call: SeatCall, code: number, state: Stating): Fact[] {
  const inRoom = [
    state(room, 'exists'),
    state(seating, 'enabled'),
    state(member(call.memberAccount), 'present'),
  ];
  switch (code) {
    case 100004:
      return [state(room, 'missing')];
    case 100211:
      return [state(room, 'exists'), state(seating, 'disabled')];
    case 100005:
      return [state(room, 'exists'), state(member(call.memberAccount), 'absent')];
    case 100200:
      return [...inRoom, state(seat(call.index), 'locked')];
    case 100205:
      return [...inRoom, state(fullness, 'full')];
    case 100201:
    case 100210:
      return [...inRoom, state(seat(call.index), 'held')];
    case 100202:
    case 100203:
      return inRoom;
    default:
      return [];
  }
}

/** What a read of the seats tells about the room. */
export function factsOfReading(reading: Reading): Fact[] {
  if (reading.kind === 'unsent' || reading.kind === 'unusable') return [];
  const state = stating({ source: 'read', from: reading.sentAt - readStalenessMs, to: tellsOf(reading) });
  if (reading.kind === 'missing') return [state(room, 'missing')];
  if (reading.kind === 'disabled') return [state(room, 'exists'), state(seating, 'disabled')];
  if (reading.seats.length === 0) return [state(room, 'exists')];
  const free = reading.seats.some((each) => each.occupant === null && !each.locked);
  return [
    state(room, 'exists'),
    state(seating, 'enabled'),
    state(fullness, free ? 'open' : 'full'),
    state(seatCount, String(Math.max(...reading.seats.map((each) => each.index)) + 1)),
    ...reading.seats.map(({ index, occupant, locked }) =>
      state(seat(index), locked ? 'locked' : occupant === null ? 'free' : 'held', occupant),
    ),
  ];
}

/**
 * Two facts about one thing → what to believe, and whether that is something else than `known` said. Facts that agree
 * confirm each other, and "held by somebody" agrees with "held by u", unless it is wholly newer: u may have left. Of two that contradict, the newer wins only if
 * their intervals are disjoint; if they overlap, nothing is known. The mirror's upsert does the same in SQL.
 */
export function mergeFacts(known: Fact, told: Fact): { readonly fact: Fact; readonly changed: boolean } {
  if (told.evidence.to < known.evidence.from) return { fact: known, changed: false };
  const evidence = later(known.evidence, told.evidence);
  if (agree(known, told)) {
    return { fact: { ...known, occupant: told.occupant ?? known.occupant, evidence }, changed: false };
  }
  if (told.evidence.from > known.evidence.to) return { fact: told, changed: true };
  return { fact: { ...known, state: 'unknown', occupant: null, evidence }, changed: true };
}

function agree(known: Fact, told: Fact): boolean {
  if (known.state !== told.state) return false;
  if (told.occupant === null && known.occupant !== null) return told.evidence.from <= known.evidence.to;
  return known.occupant === null || known.occupant === told.occupant;
}

function later(known: Evidence, told: Evidence): Evidence {
  return {
    source: told.to >= known.to ? told.source : known.source,
    from: Math.max(known.from, told.from),
    to: Math.max(known.to, told.to),
  };
}
