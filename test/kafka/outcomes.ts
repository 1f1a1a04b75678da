import type { Outcome } from '../../src/seating/outcome.js';
import type { InvalidRequest } from '../../src/seating/seat-request.js';
import { appendedAt, goodPick, readInvalid, readPick } from './records.js';

/** A rejection that the mirror predicted. */
export function predictedRejection(changes: Partial<Outcome> = {}): Outcome {
  return {
    request: readPick(goodPick),
    status: 'rejected',
    reason: 'seat-occupied',
    advice: 'choose-another-seat',
    code: 100_210,
    message: 'seat 1 is held by user7',
    decidedBy: 'mirror',
    evidence: { source: 'own-call', ageMs: 412, readAt: null, occupant: 'user7' },
    predicted: null,
    attempts: 0,
    tencentRequestId: null,
    errors: null,
    settledAt: appendedAt + 300,
    ...changes,
  };
}

/** The outcome of an invalid request. */
export function refusedAtIntake(
  request: InvalidRequest = readInvalid({ ...goodPick, type: 'kick' }),
): Outcome {
  return predictedRejection({
    request,
    reason: 'invalid-request',
    advice: 'none',
    code: null,
    message: 'wrong',
    decidedBy: 'validation',
    evidence: null,
    errors: request.errors,
  });
}
