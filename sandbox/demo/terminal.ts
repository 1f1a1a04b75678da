import type { WriteStream } from 'node:tty';
import type { Size } from './screen.js';

const esc = '\u001b[';
/** Alternate screen, no cursor, lines cut at the edge instead of wrapped. */
const enter = `${esc}?1049h${esc}?25l${esc}?7l`;
const leave = `${esc}?7h${esc}?25h${esc}?1049l`;
/** Terminals that know it show a frame as a whole; others ignore it. */
const frame = { begin: `${esc}?2026h`, end: `${esc}?2026l` };

/** A terminal whose whole screen is drawn on; whatever stood there is back after `close`, however the process ends. */
export class FullScreen {
  private isOpen = true;
  private readonly onExit = (): void => {
    this.close();
  };

  constructor(
    private readonly terminal: WriteStream,
    redraw: () => void,
  ) {
    terminal.write(`${enter}${esc}2J`);
    terminal.on('resize', redraw);
    process.on('exit', this.onExit);
  }

  get size(): Size {
    return { columns: this.terminal.columns, rows: this.terminal.rows };
  }

  draw(lines: readonly string[]): void {
    if (!this.isOpen) return;
    // Cleared before it is written: behind a line as wide as the terminal, clearing would take its last character.
    const body = lines.map((line) => `${esc}K${line}`).join('\r\n');
    this.terminal.write(`${frame.begin}${esc}H${body}${frame.end}`);
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.terminal.removeAllListeners('resize');
    process.off('exit', this.onExit);
    this.terminal.write(leave);
  }
}
