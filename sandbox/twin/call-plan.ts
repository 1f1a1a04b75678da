import type { Form } from './answer.js';
import type { Fault } from './faults.js';

/** When a call is executed and when its caller hears of it, in milliseconds after its arrival; null: never. */
export interface CallPlan {
  readonly executeAfterMs: number | null;
  readonly deliverAfterMs: number | null;
  readonly form: Form;
}

/** What a fault makes of a call whose usual latency is `latencyMs`: executed half-way, unless the fault says otherwise. */
export function planCall(fault: Fault | null, latencyMs: number): CallPlan {
  const halfway = latencyMs / 2;
  const usual: CallPlan = { executeAfterMs: halfway, deliverAfterMs: latencyMs, form: { as: 'envelope' } };
  if (fault === null) return usual;
  const executed = ifExecuted(fault, halfway);
  switch (fault.kind) {
    case 'answer-lost':
      return { ...usual, form: { as: 'cut' } };
    case 'request-lost':
      return { executeAfterMs: null, deliverAfterMs: halfway, form: { as: 'cut' } };
    case 'no-answer':
      return { ...usual, executeAfterMs: executed, deliverAfterMs: null };
    case 'late':
      return planLate(fault, latencyMs);
    case 'slow':
      return { ...usual, deliverAfterMs: Math.max(fault.latencyMs, halfway) };
    case 'http-error':
      return { ...usual, executeAfterMs: executed, form: { as: 'html', status: fault.status ?? 502 } };
    case 'code':
      return { ...usual, executeAfterMs: executed, form: { as: 'envelope', code: fault.code } };
    case 'fail-status':
      return { ...usual, executeAfterMs: executed, form: { as: 'envelope', code: 0, fail: true } };
    case 'truncated':
      return { ...usual, form: { as: 'truncated', cut: fault.cut ?? false } };
    case 'stale-read':
      return usual;
  }
}

function ifExecuted(fault: Fault, afterMs: number): number | null {
  return 'executes' in fault && fault.executes === true ? afterMs : null;
}

function planLate({ answer, delayMs }: Fault & { kind: 'late' }, latencyMs: number): CallPlan {
  return answer === 'cut'
    ? { executeAfterMs: delayMs, deliverAfterMs: Math.min(latencyMs, delayMs), form: { as: 'cut' } }
    : { executeAfterMs: delayMs, deliverAfterMs: delayMs, form: { as: 'envelope' } };
}
