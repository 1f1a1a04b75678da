/** What comes of a message in the end. */
export interface Ending {
  /** Fields of its one outcome, or headers of its one dead letter. */
  readonly told: Readonly<Record<string, unknown>>;
  /** Calls that reached Tencent, and how often they seated somebody. */
  readonly calls: number;
  readonly seated: number;
  /** Rows of the history. */
  readonly recorded: number;
}

/** What the next owner of the partition has to do, and what comes of it; what is not told ends as if nobody had stopped. */
export interface Then {
  readonly must: string;
  readonly ends?: Partial<Ending>;
}

export const startAfresh: Then = { must: 'start afresh' };
export const publish: Then = { must: 'publish what is recorded' };
export const bury: Then = { must: 'bury it (again)' };
export const letBe: Then = { must: 'do nothing' };

/** `attempts`, `calls`: the one to come included; calls are those that reached Tencent. */
export const readAndCall = (attempts: number, calls: number): Then => ({
  must: 'wait for the quiet time, read the seats, find nothing, call',
  ends: { ...done('tencent', attempts), calls },
});
export const callAgain = (attempts: number, calls: number): Then => ({
  must: 'call without reading: it is known that no call stands',
  ends: { ...done('tencent', attempts), calls },
});
export const readAndFind = (attempts = 1, calls = 1): Then => ({
  must: 'wait for the quiet time, read the seats, find the effect',
  ends: { ...done('read-back', attempts), calls },
});
export const readAndFindRival = (calls: number): Then => ({
  must: 'wait for the quiet time, read the seats, find the rival',
  ends: { told: refusal('read-back', 1), calls, seated: 0 },
});

/** Mia sits. */
export function done(decidedBy: string, attempts: number): Ending {
  return { told: { status: 'done', reason: null, decidedBy, attempts }, calls: 1, seated: 1, recorded: 1 };
}

/** Tom sits. */
export function refusal(decidedBy: string, attempts: number): Ending['told'] {
  return { status: 'rejected', reason: 'seat-occupied', decidedBy, attempts };
}
