/** What stands of one message in the world: in Postgres, at Tencent, in Kafka. */
export interface Standing {
  /** The row of the request, with its attempt. */
  readonly row: 'absent' | 'settled' | `${'claimed' | 'released'} ${number}`;
  /** Its attempts in their order, reads included, each with how it ended (`?`: not noted). */
  readonly attempts: string;
  /** Calls for its member that reached Tencent, and how often they seated that member. */
  readonly calls: number;
  readonly seated: number;
  /** Rows of its dead letter. */
  readonly letters: number;
  /** Copies of its outcome, or of its dead letter, in the topic. */
  readonly copies: number;
  /** The group's offset is behind it. */
  readonly committed: boolean;
  /** Analysts are told that it was published; undefined where that is under way. */
  readonly noted?: boolean;
}

const settle = (how: string): string => `settle ${how}`;

export const nothing: Standing = {
  row: 'absent',
  attempts: '',
  calls: 0,
  seated: 0,
  letters: 0,
  copies: 0,
  committed: false,
};
/** Decided without a call. */
export const recorded: Standing = { ...nothing, row: 'settled' };
export const claimed: Standing = { ...nothing, row: 'claimed 1', attempts: settle('?') };
export const called: Standing = { ...claimed, calls: 1 };
export const seated: Standing = { ...called, seated: 1 };
export const settled: Standing = { ...seated, row: 'settled', attempts: settle('done') };

export const published = (before: Standing): Standing => ({ ...before, copies: before.copies + 1 });
export const committed = (before: Standing): Standing => ({ ...before, committed: true });
export const noted = (before: Standing, isNoted: boolean): Standing => ({ ...before, noted: isNoted });
const more = (before: Standing, attempt: string): string => `${before.attempts}, ${attempt}`;
export const read = (before: Standing, how: '?' | 'seats'): Standing => ({
  ...before,
  attempts: more(before, `read-back ${how}`),
});
export const claimedAgain = (before: Standing): Standing => ({
  ...before,
  row: 'claimed 2',
  attempts: more(before, settle('?')),
});

/** The answer was "later". */
export const released: Standing = { ...called, row: 'released 1', attempts: settle('later') };
export const seatedAtLast: Standing = { ...claimedAgain(released), calls: 2, seated: 1 };
/** The answer was lost, and that is noted. */
export const unknown: Standing = { ...seated, attempts: settle('unknown') };
/** The request was lost: read too early to tell, and again after the quiet time. */
export const lost: Standing = read(read({ ...unknown, seated: 0 }, 'seats'), 'seats');
/** The slot was missed; attempts that never left are not shown. */
export const missed: Standing = { ...claimed, attempts: '' };
export const missedAndReleased: Standing = { ...missed, row: 'released 0' };
/** A prediction is put to the test. */
export const sampled: Standing = { ...claimed, attempts: 'audit ?' };
/** A dead letter has its row. */
export const buried: Standing = { ...nothing, letters: 1 };
