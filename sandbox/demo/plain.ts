import { thousands } from './figures.js';
import { drawLatency } from './panels.js';
import { budget, savedPercent } from './view.js';
import type { Latest, View } from './view.js';
import { mark, sentence } from './words.js';

/** One interesting thing, as a line for a file or a pipe. */
export function plainEntry(entry: Latest, uptimeMs: number): string {
  return `${stamp(uptimeMs)} ${inWords(entry)}`;
}

function inWords(entry: Latest): string {
  switch (entry.kind) {
    case 'news':
      return `★ ${entry.text}`;
    case 'dead-letter':
      return `! unreadable message kept as a dead letter, ${entry.reason}: ${entry.detail}`;
    case 'outcome':
      return `${mark(entry.outcome.status)} ${sentence(entry.outcome)}`;
  }
}

/** How things stand, in one line. */
export function plainStatus({ uptimeMs, numbers, calls }: View): string {
  const parts = [
    `${thousands(numbers.outcomes)} of ${thousands(numbers.sent)} requests answered`,
    `${thousands(calls.made)} calls made, ${thousands(numbers.saved)} saved (${savedPercent(numbers.saved, calls.made)}%)`,
    `worst sliding second ${calls.worstSecond}/${budget}`,
    drawLatency(numbers),
  ];
  return `${stamp(uptimeMs)} = ${parts.join(' · ')}`;
}

function stamp(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(6)} s`;
}
