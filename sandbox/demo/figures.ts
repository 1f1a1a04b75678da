/** Cuts or pads a text to exactly this width; a cut shows as `…`. */
export function fit(text: string, width: number): string {
  const letters = Array.from(text);
  if (letters.length <= width) return text + ' '.repeat(width - letters.length);
  return width <= 0 ? '' : `${letters.slice(0, width - 1).join('')}…`;
}

/** A number of at least zero, with a comma at every thousand. */
export function thousands(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

const eighths = ' ▏▎▍▌▋▊▉█';

/** A bar in proportion: `most` fills the width, and anything above nothing can be seen. */
export function bar(value: number, most: number, width: number): string {
  if (value <= 0 || most <= 0) return '';
  const steps = Math.max(1, Math.round((Math.min(value, most) / most) * width * 8));
  const rest = eighths.charAt(steps % 8).trim();
  return '█'.repeat(steps >> 3) + rest;
}

const levels = '▁▂▃▄▅▆▇█';

/** One sign a value, against a ceiling: blank for nothing, full height only close to the ceiling. */
export function sparkline(values: readonly number[], ceiling: number): string {
  const sign = (value: number): string =>
    value === 0 ? ' ' : levels.charAt(Math.min(7, Math.floor((value / ceiling) * 8)));
  return values.map(sign).join('');
}

/** Digits of three lines. */
const digits: Readonly<Record<string, readonly [string, string, string]>> = {
  '0': ['┏━┓', '┃ ┃', '┗━┛'],
  '1': [' ┓ ', ' ┃ ', ' ┻ '],
  '2': ['╺━┓', '┏━┛', '┗━╸'],
  '3': ['╺━┓', ' ━┫', '╺━┛'],
  '4': ['╻ ╻', '┗━┫', '  ╹'],
  '5': ['┏━╸', '┗━┓', '╺━┛'],
  '6': ['┏━╸', '┣━┓', '┗━┛'],
  '7': ['╺━┓', '  ┃', '  ╹'],
  '8': ['┏━┓', '┣━┫', '┗━┛'],
  '9': ['┏━┓', '┗━┫', '╺━┛'],
};

/** A whole number in large digits: three lines of three columns a digit. */
export function bigNumber(value: number): readonly [string, string, string] {
  const drawn = Array.from(String(Math.round(value)), (digit) => digits[digit]);
  const line = (row: 0 | 1 | 2): string => drawn.map((digit) => digit?.[row] ?? '').join('');
  return [line(0), line(1), line(2)];
}
