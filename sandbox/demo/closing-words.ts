import { fit, thousands } from './figures.js';
import { drawLatency } from './panels.js';
import { budget, savedPercent } from './view.js';
import type { View } from './view.js';
import { mark } from './words.js';

/** What the run came to, for the end. */
export function summary({ uptimeMs, numbers, calls, caveat }: View): string[] {
  const answered =
    numbers.open === 0
      ? 'each of them got exactly one outcome'
      : `${thousands(numbers.open)} of them were still open at the end`;
  return [
    `${thousands(numbers.sent)} requests in ${Math.round(uptimeMs / 1000)} s; ${answered}`,
    ...numbers.endings.map(
      ({ status, reason, count }) =>
        `  ${mark(status)} ${fit(status, 12)} ${fit(reason ?? '', 18)} ${thousands(count).padStart(8)}`,
    ),
    `  sent twice, answered alike: ${thousands(numbers.copies)} · unreadable, kept as dead letters: ${thousands(numbers.deadLetters)}`,
    `Calls to Tencent: ${thousands(calls.made)} made, ${thousands(numbers.saved)} saved by the mirror (${savedPercent(numbers.saved, calls.made)}%)`,
    `Fullest sliding second at the twin: ${calls.worstSecond} of ${budget} calls, ${calls.overLimit} over the limit`,
    `In the last ten seconds: ${drawLatency(numbers)}`,
    ...(caveat === null ? [] : [`Note: ${caveat}`]),
  ];
}

/** Where to go from here. The database of the demo ends with it. */
export const whereNext: readonly string[] = [
  'Where to go from here',
  '  npm run stack     keeps Postgres, Kafka and the twin up and prints their addresses,',
  '                    for SQL and requests of your own (this run’s database ends now)',
  '  npm test          every test, on a real Postgres and a real Kafka',
  '  docs/sql.md       what else the audit trail answers',
  '  README.md         what Usher promises, and how',
];
