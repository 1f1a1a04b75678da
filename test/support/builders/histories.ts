import type { CallHistory } from '../../../src/seating/call-history.js';
import { aCall } from './answers.js';
import { aPick, arrival } from './requests.js';

/** The slot of the call in these tests. */
export const slotAt = arrival + 100;
/** Ten seconds and the grace later nothing of the call can still take effect. */
export const quietAt = slotAt + 10_010;
/** The deadline of `aPick`. */
export const { deadline } = aPick();
/** No usable read by then: give up. */
export const giveUpAt = deadline + 10_000;

/** What is known of a call just after its answer. */
export function aHistory(changes: Partial<CallHistory>): CallHistory {
  return {
    call: aCall,
    answers: [],
    reading: null,
    slotAt,
    quietAt,
    deadline,
    giveUpAt,
    now: slotAt + 50,
    ...changes,
  };
}
