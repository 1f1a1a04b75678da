import type { Answer, Reading, ReadSeat, SeatCall } from '../../../src/seating/answer.js';
import { arrival } from './requests.js';

/** An answer of one kind. */
export type AnswerOf<Kind extends Answer['kind']> = Answer & { readonly kind: Kind };
/** A reading of one kind. */
export type ReadingOf<Kind extends Reading['kind']> = Reading & { readonly kind: Kind };

const answered = {
  message: '',
  httpStatus: 200,
  tencentRequestId: 'Id-1-O-Seq-1',
  sentAt: arrival + 100,
  answeredAt: arrival + 140,
};

/** "Seat user2 on seat 1 of room-test." */
export const aCall: SeatCall = {
  command: 'pick',
  sdkAppId: 1_400_000_000,
  roomId: 'room-test',
  memberAccount: 'user2',
  index: 1,
};

/** It took effect. */
export function done(changes: Partial<AnswerOf<'done'>> = {}): AnswerOf<'done'> {
  return { ...answered, kind: 'done', code: 0, ...changes };
}

/** The refusal of a code, with its reason. */
export function refused(
  code: number,
  reason: AnswerOf<'refused'>['reason'],
  changes: Partial<AnswerOf<'refused'>> = {},
): AnswerOf<'refused'> {
  return { ...answered, kind: 'refused', code, reason, failed: false, ...changes };
}

/** "Too fast": to be repeated after 500 ms, until the deadline. */
export function later(changes: Partial<AnswerOf<'later'>> = {}): AnswerOf<'later'> {
  const rest = { waitMs: 500, repeats: null, pause: true, reason: 'deadline-passed' } as const;
  return { ...answered, kind: 'later', code: 60007, ...rest, ...changes };
}

/** No readable answer came. */
export function unknown(changes: Partial<AnswerOf<'unknown'>> = {}): AnswerOf<'unknown'> {
  const nothing = { code: null, httpStatus: null, tencentRequestId: null };
  return { ...answered, ...nothing, kind: 'unknown', strange: false, ...changes };
}

/** A code that is in no table. */
export function strange(code: number): AnswerOf<'unknown'> {
  return unknown({ code, strange: true, httpStatus: 200, tencentRequestId: 'Id-9-O-Seq-9' });
}

/** A read that started at `sentAt` and found these seats. */
export function readOf(seats: readonly ReadSeat[], sentAt: number): ReadingOf<'seats'> {
  return { ...answered, kind: 'seats', code: 0, seats, ...readAt(sentAt) };
}

/** A read that found no room, or a room without seats. */
export function readNone(kind: 'missing' | 'disabled', sentAt: number): Reading {
  return { ...answered, kind, code: kind === 'missing' ? 100004 : 100211, ...readAt(sentAt) };
}

/** A read that says nothing; it may be tried again after `waitMs`. */
export function unusable(
  sentAt: number,
  changes: Partial<ReadingOf<'unusable'>> = {},
): ReadingOf<'unusable'> {
  return {
    ...answered,
    kind: 'unusable',
    code: null,
    waitMs: 500,
    pause: false,
    ...readAt(sentAt),
    ...changes,
  };
}

/** A free seat. */
export const free = (index: number): ReadSeat => ({ index, occupant: null, locked: false });
/** A seat that somebody holds. */
export const held = (index: number, occupant: string): ReadSeat => ({ index, occupant, locked: false });
/** A locked seat. */
export const locked = (index: number): ReadSeat => ({ index, occupant: null, locked: true });

/** Every read takes 30 ms. */
function readAt(sentAt: number): { sentAt: number; answeredAt: number } {
  return { sentAt, answeredAt: sentAt + 30 };
}
