import { allowances } from './allowances.js';
import type { Ask } from './ask.js';
import { breachOf } from './breach.js';
import type { Breach } from './breach.js';
import { claimedTruth } from './claimed-truth.js';
import type { Ledger } from './ledger.js';
import type { Outcome } from './read-outcome.js';

/** P10: "a prediction names its evidence and the evidence's age, is made only from evidence fresh enough". */
export function judgePredictions(ledger: Ledger): Breach[] {
  return ledger.asks.flatMap((ask) =>
    ask.outcome?.decidedBy === 'mirror'
      ? ofPrediction(ask, ask.outcome, ledger).map((what) => breachOf('P10', ask, what))
      : [],
  );
}

function ofPrediction(ask: Ask, outcome: Outcome, ledger: Ledger): string[] {
  const { status, reason, evidence } = outcome;
  if (status !== 'rejected') return [`${status} was predicted; only rejections may be`];
  if (!evidence || Number.isNaN(evidence.ageMs)) return ['a prediction without evidence'];
  const { ageMs } = evidence;
  const found: string[] = [];
  const most = mostAge(reason, ledger.history.rules.mirrorMaxAgeMs);
  if (ageMs > most + allowances.roundingMs)
    found.push(`predicted ${String(reason)} from evidence ${ageMs} ms old; ${most} ms are allowed`);
  if (!claimedTruth(ask, outcome, [evidenceTime(outcome, ageMs, ledger)], ledger))
    found.push(`predicted ${String(reason)}, which was not true when the evidence was taken`);
  return found;
}

/** Rooms are made again and members enter: that they are not there is old news after a second. */
function mostAge(reason: string | null, mirrorMaxAgeMs: number): number {
  const isAbsence = reason === 'room-not-found' || reason === 'not-a-member';
  return isAbsence ? Math.min(allowances.absenceMs, mirrorMaxAgeMs) : mirrorMaxAgeMs;
}

/** Its age counts from when the answer came; it may have shown any moment since the call left, a read some more before that. */
function evidenceTime(
  { settledAt }: Outcome,
  ageMs: number,
  { history }: Ledger,
): { from: number; to: number } {
  const { stalenessMs, clockMs } = allowances;
  const to = settledAt + clockMs;
  return { from: settledAt - ageMs - history.rules.timeoutMs - stalenessMs - clockMs, to };
}
