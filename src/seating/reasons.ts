/** How a request ended. */
export type Status = 'done' | 'rejected' | 'expired' | 'failed' | 'unconfirmed';

/** Who decided. */
export type DecidedBy = 'validation' | 'mirror' | 'tencent' | 'read-back' | 'deadline';

/** What the sender may do next. */
export type Advice = 'none' | 'choose-another-seat' | 'try-again-later' | 'ask-operator';

/** Every reason an outcome can carry, with what it means and what to do. The keys are the type. */
export const reasons = {
  'already-there': { advice: 'none', meaning: 'the member already held that very seat' },
  'room-not-found': { advice: 'try-again-later', meaning: 'the room does not exist, or was destroyed' },
  'not-a-member': { advice: 'try-again-later', meaning: 'the member is not in the room; enter first' },
  'seat-locked': { advice: 'choose-another-seat', meaning: 'the seat is locked' },
  'already-queued': { advice: 'none', meaning: 'the member waits in the queue for a seat' },
  'already-seated': { advice: 'none', meaning: 'the member sits on another seat of the room' },
  'seats-full': { advice: 'try-again-later', meaning: 'no seat of the room is free' },
  'seat-occupied': { advice: 'choose-another-seat', meaning: 'somebody else sits there' },
  'seats-disabled': { advice: 'ask-operator', meaning: 'the room was made without seats' },
  'not-seated': { advice: 'none', meaning: 'the member sits nowhere' },
  'no-such-seat': { advice: 'choose-another-seat', meaning: 'the room has no seat of that number' },
  'invalid-request': { advice: 'none', meaning: 'the request is wrong; see errors' },
  'not-allowed': { advice: 'ask-operator', meaning: 'Tencent forbids it to this member, room or account' },
  'account-unknown': { advice: 'ask-operator', meaning: 'the account was never imported' },
  misconfigured: { advice: 'ask-operator', meaning: 'the application, its key, region or plan is wrong' },
  'unknown-code': {
    advice: 'ask-operator',
    meaning: 'Tencent answered a code that is in no table; no effect stands',
  },
  'deadline-passed': { advice: 'try-again-later', meaning: 'no time was left; no effect stands' },
  'no-usable-read': {
    advice: 'ask-operator',
    meaning: 'the result of a call is unknown and the seats could not be read in time',
  },
} as const satisfies Record<string, { advice: Advice; meaning: string }>;

export type Reason = keyof typeof reasons;
