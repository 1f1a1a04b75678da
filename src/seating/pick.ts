import type { Decision, Sample, Sight } from './decision.js';
import { expired } from './expired.js';
import type { CitedEvidence, Ending } from './outcome.js';
import type { Reason } from './reasons.js';
import type { KnownFact } from './room.js';
import type { PickRequest } from './seat-request.js';

interface Prediction {
  readonly reason: Reason;
  readonly code: number;
  readonly message: string;
  readonly fact: KnownFact;
}

/** One look at the room: a refusal that the fact foretells, `ask` where only Tencent can tell, null to go on looking. */
type Check = (request: PickRequest, sight: Sight) => Prediction | 'ask' | null;

/**
 * The refusals that the mirror can foretell, in the order in which Tencent is thought to check
 * (`tencent-room-engine`, "Proposed check order"; inferred, so it is data and nothing else depends on it).
 */
const checks: readonly Check[] = [
  roomMissing,
  seatsDisabled,
  memberAbsent,
  alreadySeated,
  noSuchSeat,
  seatLocked,
  roomFull,
  seatOccupied,
];

/** The rule for a pick with an index: what the mirror refuses is never asked; `done` is never predicted. */
export function pick(request: PickRequest, sight: Sight): Decision {
  if (sight.now >= request.deadline) return { kind: 'settle', ending: expired(), premise: null };
  const prediction = predict(request, sight);
  const sample = prediction && drawn(prediction, sight);
  if (prediction && !sample) return refuse(prediction, sight.now);
  const { sdkAppId, roomId, memberAccount, index } = request;
  return { kind: 'call', call: { command: 'pick', sdkAppId, roomId, memberAccount, index }, sample };
}

function predict(request: PickRequest, sight: Sight): Prediction | null {
  for (const check of checks) {
    const found = check(request, sight);
    if (found === 'ask') return null;
    if (found) return found;
  }
  return null;
}

function drawn({ fact, reason }: Prediction, { freshness }: Sight): Sample | null {
  return fact.draw !== null && fact.draw < freshness.auditShare ? { fact, reason } : null;
}

function refuse({ reason, code, message, fact }: Prediction, now: number): Decision {
  const evidence = cite(fact, now);
  const ending: Ending = {
    status: 'rejected',
    reason,
    code,
    message,
    decidedBy: 'mirror',
    evidence,
    tencentRequestId: null,
  };
  return { kind: 'settle', ending, premise: fact };
}

/** A fact as an outcome cites it. Its age counts from the end of the interval in which it was seen. */
function cite({ evidence, occupant }: KnownFact, now: number): CitedEvidence {
  const readAt = evidence.source === 'read' ? evidence.to : null;
  return { source: evidence.source, ageMs: Math.max(0, Math.round(now - evidence.to)), readAt, occupant };
}

function fresh(fact: KnownFact | null | undefined, maxAgeMs: number, now: number): KnownFact | null {
  return fact && now - fact.evidence.to <= maxAgeMs ? fact : null;
}

function roomMissing(request: PickRequest, { room, now, freshness }: Sight): Prediction | null {
  const fact = fresh(room.existence, freshness.absenceMs, now);
  if (fact?.state !== 'missing') return null;
  return { reason: 'room-not-found', code: 100004, message: `room ${request.roomId} does not exist`, fact };
}

function seatsDisabled(request: PickRequest, { room, now, freshness }: Sight): Prediction | null {
  const fact = fresh(room.seating, freshness.seatsMs, now);
  if (fact?.state !== 'disabled') return null;
  return { reason: 'seats-disabled', code: 100211, message: `room ${request.roomId} has no seats`, fact };
}

function memberAbsent({ memberAccount }: PickRequest, { room, now, freshness }: Sight): Prediction | null {
  const fact = fresh(room.members.get(memberAccount), freshness.absenceMs, now);
  if (fact?.state !== 'absent') return null;
  return { reason: 'not-a-member', code: 100005, message: `${memberAccount} is not in the room`, fact };
}

function alreadySeated(
  { memberAccount, index }: PickRequest,
  { room, now, freshness }: Sight,
): Prediction | 'ask' | null {
  for (const seat of room.seats.values()) {
    if (seat.state !== 'held' || seat.occupant !== memberAccount) continue;
    const fact = fresh(seat, freshness.seatsMs, now);
    if (!fact) continue;
    if (fact.index === index) return 'ask';
    return {
      reason: 'already-seated',
      code: 100203,
      message: `${memberAccount} sits on seat ${fact.index}`,
      fact,
    };
  }
  return null;
}

function noSuchSeat({ index }: PickRequest, { room, now, freshness }: Sight): Prediction | null {
  const fact = fresh(room.seatCount, freshness.seatsMs, now);
  if (!fact || fact.state === 'unknown' || index < Number(fact.state)) return null;
  const message = `the room has ${fact.state} seats, numbered from 0; there is no seat ${index}`;
  return { reason: 'no-such-seat', code: 100002, message, fact };
}

function seatLocked({ index }: PickRequest, { room, now, freshness }: Sight): Prediction | null {
  const fact = fresh(room.seats.get(index), freshness.seatsMs, now);
  if (fact?.state !== 'locked') return null;
  return { reason: 'seat-locked', code: 100200, message: `seat ${index} is locked`, fact };
}

/** Only when it is known that the member does not hold the very seat: Tencent may say "full" to that, too. */
function roomFull(request: PickRequest, { room, now, freshness }: Sight): Prediction | null {
  const fact = fresh(room.fullness, freshness.seatsMs, now);
  const seat = fresh(room.seats.get(request.index), freshness.seatsMs, now);
  if (fact?.state !== 'full' || !seat?.occupant) return null;
  return { reason: 'seats-full', code: 100205, message: `no seat of room ${request.roomId} is free`, fact };
}

/** Held by somebody unknown predicts nothing: it may be the very member that asks. */
function seatOccupied({ index }: PickRequest, { room, now, freshness }: Sight): Prediction | null {
  const fact = fresh(room.seats.get(index), freshness.seatsMs, now);
  if (fact?.state !== 'held' || fact.occupant === null) return null;
  return {
    reason: 'seat-occupied',
    code: 100210,
    message: `seat ${index} is held by ${fact.occupant}`,
    fact,
  };
}
