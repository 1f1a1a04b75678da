import { bar, bigNumber, fit, sparkline, thousands } from './figures.js';
import { statusPaint } from './palette.js';
import type { Palette } from './palette.js';
import type { Numbers } from './tally.js';
import { budget, savedPercent } from './view.js';
import type { Calls } from './view.js';
import { mark } from './words.js';

const labelWidth = 17;
const countWidth = 7;

/** How the requests ended: one line an ending, with a bar. Exactly `height` lines of `width`. */
export function drawEndings(numbers: Numbers, width: number, height: number, palette: Palette): string[] {
  const { endings, deadLetters } = numbers;
  const most = endings[0]?.count ?? 0;
  const room = width - labelWidth - countWidth - 3;
  const lines = endings.map(({ status, reason, count }) => {
    const paint = statusPaint(palette, status);
    const label = fit(`${mark(status)} ${reason ?? status}`, labelWidth);
    return `${paint(label)} ${thousands(count).padStart(countWidth)} ${paint(fit(bar(count, most, room), room))} `;
  });
  const letters = `! unreadable      ${String(deadLetters).padStart(countWidth)} dead letters`;
  const told = [...lines.slice(0, height - 1), deadLetters === 0 ? '' : fit(letters, width)];
  return Array.from({ length: height }, (_, i) => (told[i] ?? '') || ' '.repeat(width));
}

/** What was asked of Tencent, what was not, how the budget was used, and how long it took: seven lines. */
export function drawCalls(numbers: Numbers, calls: Calls, width: number, palette: Palette): string[] {
  const half = Math.floor(width / 2) - 2;
  const made = bigNumber(calls.made);
  const saved = bigNumber(numbers.saved);
  const share = `saved by mirror ${savedPercent(numbers.saved, calls.made)}%`;
  const now = calls.perSecond.at(-1) ?? 0;
  const scale = ` ${String(now).padStart(3)} of ${budget}`;
  const curve = sparkline(calls.perSecond.slice(-Math.max(1, width - scale.length - 8)), budget);
  return [
    `${fit('made', half)}${palette.saved(fit(share, width - half))}`,
    ...[0, 1, 2].map(
      (row) =>
        `${palette.strong(fit(made[row] ?? '', half))}${palette.saved(fit(saved[row] ?? '', width - half))}`,
    ),
    `${palette.dim('per sec ')}${palette.heading(curve)}${scale}`,
    drawWorst(calls, width, palette),
    palette.dim(fit(drawLatency(numbers), width)),
  ];
}

function drawWorst({ worstSecond, overLimit }: Calls, width: number, palette: Palette): string {
  const paint = worstSecond > budget || overLimit > 0 ? palette.alarm : palette.good;
  return paint(fit(`worst sliding second ${worstSecond}/${budget}, ${overLimit} over`, width));
}

/** Median and 99th percentile in words. */
export function drawLatency({ latency }: Numbers): string {
  if (latency === null) return 'request→outcome –';
  return `request→outcome p50 ${inWords(latency.p50)}, p99 ${inWords(latency.p99)}`;
}

function inWords(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
