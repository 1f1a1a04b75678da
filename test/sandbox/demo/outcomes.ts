import type { SeenOutcome } from '../../../sandbox/demo/seen-outcome.js';

/** An outcome as the demo sees it: Mia was refused seat 1 by the mirror, unless told otherwise. */
export function outcomeOf(different: Partial<SeenOutcome> = {}): SeenOutcome {
  return {
    requestId: 'late-night-jazz-0001',
    type: 'pick',
    roomId: 'late-night-jazz',
    memberAccount: 'Mia',
    index: 1,
    status: 'rejected',
    reason: 'seat-occupied',
    message: 'seat 1 is held by Tom',
    decidedBy: 'mirror',
    evidence: { source: 'own-call', ageMs: 412, occupant: 'Tom' },
    attempts: 0,
    predicted: null,
    correlationId: null,
    ...different,
  };
}

/** Mia got seat 1 by a call. */
export function doneOf(different: Partial<SeenOutcome> = {}): SeenOutcome {
  const done = { status: 'done', reason: null, decidedBy: 'tencent', evidence: null, attempts: 1 };
  return outcomeOf({ ...done, message: 'success', ...different });
}
