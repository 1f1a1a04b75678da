import type { Judge, Violation } from '../history.js';
import type { Breach } from './breach.js';
import { judgeBudget } from './budget.js';
import { judgeClaims } from './claims.js';
import { judgeCopies } from './copies.js';
import { judgeDeadLetters } from './dead-letters.js';
import { judgeDeadlines } from './deadlines.js';
import { judgeEffects } from './effects.js';
import { figuresOf } from './figures.js';
import { openLedger } from './ledger.js';
import type { Ledger } from './ledger.js';
import { judgeLoss } from './lost.js';
import { judgePredictions } from './predictions.js';
import { judgeRepeats } from './repeats.js';
import { judgeRivals } from './rivals.js';
import { judgeSecrets } from './secrets.js';
import { timelineOf } from './timeline.js';
import { judgeWholeness } from './whole.js';
import { judgeWritingOrder } from './writing-order.js';

const judges: readonly ((ledger: Ledger) => Breach[])[] = [
  judgeWholeness,
  judgeLoss,
  judgeCopies,
  judgeDeadLetters,
  judgeWritingOrder,
  judgeBudget,
  judgeClaims,
  judgeEffects,
  judgeRepeats,
  judgeDeadlines,
  judgeRivals,
  judgePredictions,
  judgeSecrets,
];

/** Timelines are drawn for the first so many violations of a promise: a build without claims breaks it with every call. */
const timelinesAPromise = 25;

/** Judges a whole campaign from the outside: it knows the contract and the promises, and nothing of the service's code. */
export const judge: Judge = (history) => {
  const ledger = openLedger(history);
  const breaches = judges.flatMap((each) => each(ledger));
  const told = new Map<string, number>();
  const violations = breaches.map((breach): Violation => {
    const count = (told.get(breach.promise) ?? 0) + 1;
    told.set(breach.promise, count);
    const { promise, what, requestId, ask } = breach;
    const at = breach.at ?? ask?.outcome?.settledAt ?? ask?.messages[0].timestamp ?? null;
    return {
      promise,
      what,
      requestId,
      at,
      timeline: count > timelinesAPromise ? [] : timelineOf(breach, ledger),
    };
  });
  const counts = [...told].map(([promise, count]) => [`violations of ${promise}`, count] as const);
  return { violations, figures: { ...figuresOf(ledger), ...Object.fromEntries(counts) } };
};
