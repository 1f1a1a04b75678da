import type { Settlement } from '../../../src/commands/ports.js';
import { encodeOutcome } from '../../../src/kafka/outcome.message.js';
import type { Outcome } from '../../../src/seating/outcome.js';
import type { SeatRequest } from '../../../src/seating/seat-request.js';

/** "The seat is occupied", as the mirror would have it, ready to be recorded; real bytes. */
export function aSettlement(request: SeatRequest, changes: Partial<Outcome> = {}): Settlement {
  const outcome: Outcome = {
    request,
    status: 'rejected',
    reason: 'seat-occupied',
    advice: 'choose-another-seat',
    code: 100210,
    message: 'seat 1 is held by user7',
    decidedBy: 'mirror',
    evidence: { source: 'own-call', ageMs: 412, readAt: null, occupant: 'user7' },
    predicted: null,
    attempts: 0,
    tencentRequestId: null,
    errors: null,
    settledAt: request.receivedAt + 300,
    ...changes,
  };
  const waits = { rivalMs: 1, budgetMs: 2.5, retryMs: 0, callMs: 40 };
  return { request, outcome, message: encodeOutcome(outcome), waits };
}
