import { tellsOf } from './answer.js';
import type { Answer, Reading, ReadSeat, SeatCall, SentAnswer } from './answer.js';
import type { CallHistory, Conclusion } from './call-history.js';
import { expired } from './expired.js';
import type { CitedEvidence, Ending } from './outcome.js';
import { reasons } from './reasons.js';
import type { Reason, Status } from './reasons.js';
import { readStalenessMs } from './room.js';

/** A read that shows the room. */
export type UsableReading = Reading & { kind: 'seats' | 'missing' | 'disabled' };
type Refused = Answer & { kind: 'refused' };

/** Tencent's code for a reason that a read-back found: the answer that the call would have had. */
const codeOf = {
  'already-seated': 100203,
  'seat-occupied': 100210,
  'seat-locked': 100200,
  'room-not-found': 100004,
  'seats-disabled': 100211,
  'no-such-seat': 100002,
} as const satisfies Partial<Record<Reason, number>>;

/**
 * A read-back of a pick of u on s → what to do (the table of the design, one line a row).
 * `refused` is the definite refusal that asked for the read; null when the result of the call is unknown.
 */
export function concludeReading(
  history: CallHistory,
  reading: UsableReading,
  refused: Refused | null,
): Conclusion {
  if (refused) return concludeRefused(history, reading, refused);
  const { call, quietAt, slotAt, now } = history;
  const { held } = look(reading, call);
  const end = ending(reading, null, now);
  if (held?.index === call.index && reading.sentAt >= slotAt + readStalenessMs)
    return end.done(call.memberAccount);
  if (reading.sentAt < quietAt) return { kind: 'read', notBefore: quietAt };
  return concludeQuiet(history, reading, end);
}

/** What the last answer says, as far as the read bears it out: told as the read's word, with its time. */
export function confirmByReading(history: CallHistory, reading: UsableReading, told: Ending): Conclusion {
  const { call, now } = history;
  const { held, wanted } = look(reading, call);
  if (held?.index === call.index) return ending(reading, null, now).done(call.memberAccount);
  const evidence = told.evidence ?? cite(reading, now, wanted?.occupant ?? null);
  return { kind: 'settle', ending: { ...told, decidedBy: 'read-back', evidence } };
}

/** Nothing of the call can take effect any more: what the seats show now is final for it. */
function concludeQuiet(history: CallHistory, reading: UsableReading, end: Endings): Conclusion {
  const { call } = history;
  const { held, wanted, isListed } = look(reading, call);
  if (reading.kind === 'missing') return end.rejected('room-not-found');
  if (reading.kind === 'disabled') return end.rejected('seats-disabled');
  if (held) return held.index === call.index ? end.done(call.memberAccount) : end.seatedOn(held);
  if (wanted?.occupant) return end.heldBy(wanted, wanted.occupant);
  if (wanted?.locked) return end.rejected('seat-locked');
  return isListed ? concludeNowhere(history, end) : end.rejected('no-such-seat');
}

/** Where the member sits, and what is on the wanted seat. */
function look(reading: UsableReading, call: SeatCall) {
  const seats = reading.kind === 'seats' ? reading.seats : [];
  const wanted = seats.find((seat) => seat.index === call.index);
  return {
    held: seats.find((seat) => seat.occupant === call.memberAccount),
    wanted,
    isListed: wanted !== undefined || seats.length === 0,
  };
}

/** Nowhere, and the seat is free: another attempt while there is time. */
function concludeNowhere({ answers, now, deadline }: CallHistory, end: Endings): Conclusion {
  const [first, second] = answers.filter((answer) => answer.kind === 'unknown' && answer.strange);
  if (first && second) return end.strange(second);
  return now < deadline ? { kind: 'repeat', notBefore: now } : end.expired();
}

/** The refusal is definite, so the call took no effect; the read tells whether it was needed at all. */
function concludeRefused(history: CallHistory, reading: UsableReading, refused: Refused): Conclusion {
  const { call, answers, now, deadline } = history;
  const { held, wanted, isListed } = look(reading, call);
  const end = ending(reading, refused, now);
  if (held?.index === call.index) return end.done(call.memberAccount);
  if (refused.code === 100002 && !isListed)
    return end.rejected('no-such-seat', null, `the room has no seat ${call.index}`);
  if (refused.reason === 'seat-occupied' && wanted?.occupant) return end.heldBy(wanted, wanted.occupant);
  if (refused.reason !== 'already-seated') return end.rejected(refused.reason);
  if (held) return end.seatedOn(held);
  const complete = refused.answeredAt + readStalenessMs;
  if (reading.sentAt < complete) return { kind: 'read', notBefore: complete };
  const before = answers.filter(
    (answer) => answer.kind === 'refused' && answer.reason === 'already-seated',
  ).length;
  return before > 1 || now >= deadline ? end.rejected('already-seated') : { kind: 'repeat', notBefore: now };
}

function cite(reading: UsableReading, now: number, occupant: string | null): CitedEvidence {
  const readAt = tellsOf(reading);
  return { source: 'read', ageMs: Math.max(0, Math.round(now - readAt)), readAt, occupant };
}

type Endings = ReturnType<typeof ending>;

/** The endings that rest on this reading. */
function ending(reading: UsableReading, refused: Refused | null, now: number) {
  const evidence = (occupant: string | null): CitedEvidence => cite(reading, now, occupant);
  const settle = (
    status: Status,
    rest: Partial<Ending> & { reason: Reason | null; message: string },
  ): Conclusion => ({
    kind: 'settle',
    ending: {
      status,
      code: refused?.code ?? null,
      decidedBy: refused ? 'tencent' : 'read-back',
      evidence: evidence(null),
      tencentRequestId: refused?.tencentRequestId ?? null,
      ...rest,
    },
  });
  const rejected = (reason: Reason, occupant: string | null = null, message?: string): Conclusion =>
    settle('rejected', {
      reason,
      code: refused?.code ?? (reason in codeOf ? codeOf[reason as keyof typeof codeOf] : null),
      message: message ?? (refused?.message || reasons[reason].meaning),
      evidence: evidence(occupant),
    });
  return {
    /** The read settles it, whatever was answered: there is no code for what it saw. */
    done: (member: string) =>
      settle('done', {
        reason: refused ? 'already-there' : null,
        code: null,
        message: refused
          ? reasons['already-there'].meaning
          : 'the seats were read back: the member sits there',
        decidedBy: 'read-back',
        evidence: evidence(member),
      }),
    rejected,
    seatedOn: ({ index, occupant }: ReadSeat) =>
      rejected('already-seated', occupant, `${occupant ?? 'the member'} sits on seat ${index}`),
    heldBy: ({ index }: ReadSeat, occupant: string) =>
      rejected('seat-occupied', occupant, `seat ${index} is held by ${occupant}`),
    strange: ({ code, tencentRequestId }: SentAnswer) =>
      settle('failed', {
        reason: 'unknown-code',
        code,
        message: `Tencent answered the unknown code ${code ?? '(none)'}; the seats were read back: no effect stands`,
        tencentRequestId,
      }),
    expired: (): Conclusion => ({ kind: 'settle', ending: expired(evidence(null)) }),
  };
}
