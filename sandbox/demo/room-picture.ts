import { fit } from './figures.js';
import type { Palette } from './palette.js';

/** One seat as the twin shows it. */
interface PicturedSeat {
  readonly occupant: string | null;
  readonly locked: boolean;
  /** Whether it has changed a moment ago. */
  readonly changed: boolean;
}

/** One room as the twin shows it. */
export interface PicturedRoom {
  readonly roomId: string;
  readonly people: number;
  readonly seats: readonly PicturedSeat[];
}

/** A room as a row of boxes, three lines; each seat as wide as `inner` and a border. */
export function drawRoom(room: PicturedRoom, inner: number, palette: Palette): [string, string, string] {
  const cells = room.seats.map((seat) => drawSeat(seat, inner, palette));
  const width = room.seats.length * (inner + 1) - 1;
  const caption = ` ${room.roomId} · ${room.people} people `;
  const side = palette.dim('│');
  const floor = room.seats.map((_, index) => fit(`─${index}`, inner).replaceAll(' ', '─'));
  return [
    `${palette.dim('╭─')}${palette.strong(caption)}${palette.dim(`${'─'.repeat(Math.max(0, width - 1 - caption.length))}╮`)}`,
    `${side}${cells.join(side)}${side}`,
    palette.dim(`╰${floor.join('┴')}╯`),
  ];
}

function drawSeat({ occupant, locked, changed }: PicturedSeat, inner: number, palette: Palette): string {
  if (locked) return palette.refused(indented('locked', inner));
  if (occupant === null) return palette.dim(fit(' ·', inner));
  const name = indented(occupant, inner);
  return changed ? palette.saved(name) : name;
}

/** With a space in front where there is room for one. */
function indented(text: string, width: number): string {
  return fit(text.length < width ? ` ${text}` : text, width);
}
