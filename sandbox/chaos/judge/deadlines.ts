import { allowances } from './allowances.js';
import type { Ask } from './ask.js';
import { breachOf } from './breach.js';
import type { Breach } from './breach.js';
import type { Ledger } from './ledger.js';
import type { Outcome } from './read-outcome.js';

/** P7: "No call is sent for a request whose deadline has passed." */
export function judgeDeadlines(ledger: Ledger): Breach[] {
  return ledger.asks.flatMap((ask) => (ask.outcome ? ofAsk(ask, ask.outcome) : []));
}

function ofAsk(ask: Ask, outcome: Outcome): Breach[] {
  const { deadline } = outcome;
  const found: Breach[] = [];
  const { askedDeadline: asked, soundness } = ask;
  if (soundness === 'sound' && asked !== null && !outcome.deadlineClamped && Math.abs(asked - deadline) > 1)
    found.push(breachOf('P7', ask, 'the outcome tells another deadline than was asked for'));
  if (ask.shared || ask.paired.stopped.length > 0) return found;
  for (const { call, claim } of ask.paired.pairs) {
    const slotLate = claim.slotAt - deadline;
    const callLate = call.arrivedAt - deadline;
    if (slotLate > allowances.clockMs || callLate > allowances.pathMs) {
      const what = `call ${call.n} arrived ${callLate.toFixed(0)} ms after the deadline`;
      found.push(breachOf('P7', ask, what, call.arrivedAt));
    }
  }
  return found;
}
