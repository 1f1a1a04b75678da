import type { Ask } from './ask.js';
import type { Ledger } from './ledger.js';
import type { Outcome } from './read-outcome.js';
import { RoomTruth } from './room-truth.js';
import type { Stretch } from './shown-times.js';

type Claim = (room: RoomTruth, ask: Ask, outcome: Outcome, stretch: Stretch) => boolean;

/** What each reason claims of the room, as far as the twin's effects tell it; of other reasons they tell nothing. */
const claims: Readonly<Partial<Record<string, Claim>>> = {
  'seat-occupied': (room, { index }, { evidence }, { from, to }) =>
    room.seat(index ?? -1).everTrue(from, to, evidence?.occupant ?? null),
  'already-seated': (room, { memberAccount }, _outcome, { from, to }) =>
    room.seatsOf(memberAccount ?? '').everTrue(from, to),
  'seat-locked': (room, { index }, _outcome, { from, to }) => room.locks(index ?? -1).everTrue(from, to),
  'room-not-found': (room, _ask, _outcome, { from, to }) => room.life().everFalse(from, to),
  'not-a-member': (room, { memberAccount }, _outcome, { from, to }) =>
    room.membership(memberAccount ?? '').everFalse(from, to),
  // A full room has nobody's place free, that one neither.
  'seats-full': (room, { index }, _outcome, { from, to }) =>
    index === null || room.seat(index).everTrue(from, to) || room.locks(index).everTrue(from, to),
};

/** Whether what the outcome claims was true at some moment of these stretches. */
export function claimedTruth(
  ask: Ask,
  outcome: Outcome,
  stretches: readonly Stretch[],
  { rooms }: Ledger,
): boolean {
  const claim = claims[outcome.reason ?? ''];
  const room = rooms.get(ask.roomId) ?? new RoomTruth();
  return !claim || stretches.some((stretch) => claim(room, ask, outcome, stretch));
}
