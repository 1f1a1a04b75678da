import { fit, thousands } from './figures.js';
import { statusPaint } from './palette.js';
import type { Palette } from './palette.js';
import { drawCalls, drawEndings } from './panels.js';
import { drawRoom } from './room-picture.js';
import type { PicturedRoom } from './room-picture.js';
import type { Latest, View } from './view.js';
import { mark, sentence, shortSentence } from './words.js';

/** Of a terminal, in characters. Drawn for 80×24 and more; of a smaller one the right and the lower edge are cut. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

const smallest: Size = { columns: 80, rows: 24 };
/** The most seats in one room. */
const seats = 10;
/** From this width on a line has room for whole sentences. */
const wideColumns = 132;

/** A moment → the lines of a full screen, each at most as wide as the terminal. */
export function drawScreen(view: View, size: Size, palette: Palette): string[] {
  const columns = Math.max(size.columns, smallest.columns);
  const rows = Math.max(size.rows, smallest.rows);
  const top = [
    drawTitle(view, columns, palette),
    drawNews(view, columns, palette),
    ...drawRooms(view.rooms, columns, roomRows(rows), palette),
    ...drawPanels(view, columns, panelHeight(rows), palette),
  ];
  const list = drawLatest(view.latest, columns, rows - top.length - 2, palette);
  const heading = palette.heading(fit(' WHAT HAPPENS', columns));
  return [...top, heading, ...list, drawFooter(view, columns, palette)].slice(0, size.rows);
}

/** How many rooms such a screen shows. */
export function roomsShown({ columns, rows }: Size): number {
  return roomsBeside(columns) * roomRows(rows);
}

/** How many rows of rooms there is space for: what else grows is the list below. */
function roomRows(rows: number): number {
  return Math.max(2, Math.min(5, 2 + Math.floor((rows - smallest.rows) / 6)));
}

/** At six letters a name, ten seats take 72 columns. */
function roomsBeside(columns: number): number {
  return Math.max(1, Math.floor(columns / (seats * 7 + 3)));
}

function panelHeight(rows: number): number {
  return rows < 36 ? 7 : 10;
}

function drawTitle({ uptimeMs, leftMs, numbers }: View, columns: number, palette: Palette): string {
  const left = leftMs === null ? '' : ` · ${Math.ceil(leftMs / 1000)} s to go`;
  const right = `${thousands(numbers.outcomes)} outcomes · up ${clock(uptimeMs)}${left} `;
  return palette.title(
    `${fit(' Usher · every wish for a seat, one answer', columns - right.length)}${right}`,
  );
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function drawNews({ news }: View, columns: number, palette: Palette): string {
  return news === null ? ' '.repeat(columns) : palette.news(fit(` ★ ${news}`, columns));
}

/** Rooms beside each other where the terminal is wide enough. */
function drawRooms(
  rooms: readonly PicturedRoom[],
  columns: number,
  count: number,
  palette: Palette,
): string[] {
  const beside = roomsBeside(columns);
  const share = Math.floor(columns / beside);
  const inner = Math.min(10, Math.floor((share - 2) / seats) - 1);
  return Array.from({ length: count }, (_, row) => {
    const drawn = rooms.slice(row * beside, (row + 1) * beside).map((room) => ({
      lines: drawRoom(room, inner, palette),
      gap: share - room.seats.length * (inner + 1) - 1,
    }));
    return [0, 1, 2].map((i) =>
      drawn.map(({ lines, gap }) => ` ${lines[i] ?? ''}${' '.repeat(gap - 1)}`).join(''),
    );
  }).flat();
}

function drawPanels({ numbers, calls }: View, columns: number, height: number, palette: Palette): string[] {
  const left = Math.floor(columns / 2);
  const right = columns - left - 2;
  const endings = drawEndings(numbers, left - 1, height, palette);
  const callLines = drawCalls(numbers, calls, right, palette);
  const open = numbers.open === 0 ? '' : `, ${thousands(numbers.open)} open`;
  const titles = [
    palette.heading(fit(` OUTCOMES of ${thousands(numbers.sent)} requests${open}`, left)),
    palette.heading(fit('CALLS TO TENCENT', right)),
  ];
  return [
    titles.join('  '),
    ...endings.map((line, i) => ` ${line}${palette.dim('│')} ${callLines[i] ?? ''}`),
  ];
}

function drawLatest(latest: readonly Latest[], columns: number, count: number, palette: Palette): string[] {
  const lines = latest.slice(-count).map((entry) => drawEntry(entry, columns, palette));
  return Array.from({ length: count }, (_, i) => lines[i] ?? '');
}

function drawEntry(entry: Latest, columns: number, palette: Palette): string {
  if (entry.kind === 'news') return palette.news(fit(` ★ ${entry.text}`, columns));
  if (entry.kind === 'dead-letter') {
    return palette.alarm(
      fit(` ! unreadable, kept as a dead letter, ${entry.reason}: ${entry.detail}`, columns),
    );
  }
  const { outcome } = entry;
  const text = columns < wideColumns ? shortSentence(outcome) : sentence(outcome);
  return `${statusPaint(palette, outcome.status)(` ${mark(outcome.status)}`)} ${fit(text, columns - 3)}`;
}

function drawFooter({ caveat }: View, columns: number, palette: Palette): string {
  return palette.dim(fit(` Ctrl-C ends it all and sums up${caveat === null ? '' : ` · ${caveat}`}`, columns));
}
