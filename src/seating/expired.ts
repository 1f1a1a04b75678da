import type { CitedEvidence, Ending } from './outcome.js';
import type { DecidedBy } from './reasons.js';

/** No time is left, and no effect stands. `evidence` is the read that showed it, where a call had an unknown result. */
export function expired(evidence: CitedEvidence | null = null): Ending {
  const decidedBy: DecidedBy = evidence ? 'read-back' : 'deadline';
  return {
    status: 'expired',
    reason: 'deadline-passed',
    code: null,
    message: 'the deadline passed before the request could take effect',
    decidedBy,
    evidence,
    tencentRequestId: null,
  };
}
