import type { Figures } from '../figures.js';
import type { Violation } from '../history.js';

/** Violations told in full; of the rest only how many there are. */
const inFull = 20;

/** The figures, one a line. */
export function figureLines(figures: Figures): string[] {
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  return Object.entries(figures).map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}

/** Each violation with what happened around it. */
export function violationLines(violations: readonly Violation[]): string[] {
  const lines = violations.slice(0, inFull).flatMap(({ promise, what, requestId, timeline }) => {
    const head = `✗ ${promise}: ${what}${requestId === null ? '' : ` (${requestId})`}`;
    return ['', head, ...timeline.map((line) => `    ${line}`)];
  });
  const more = violations.length - inFull;
  return more > 0 ? [...lines, '', `… and ${more} more`] : lines;
}

/** How many violations of each promise. */
export function countsByPromise(violations: readonly Violation[]): string {
  const counts = new Map<string, number>();
  for (const { promise } of violations) counts.set(promise, (counts.get(promise) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([promise, count]) => `${promise}: ${count}`)
    .join(', ');
}
