/** Colours a text by what it means; the identity where there are no colours. */
export type Paint = (text: string) => string;

/** What colours are for. */
export interface Palette {
  readonly title: Paint;
  readonly heading: Paint;
  readonly dim: Paint;
  readonly strong: Paint;
  readonly good: Paint;
  readonly refused: Paint;
  readonly alarm: Paint;
  readonly news: Paint;
  readonly saved: Paint;
}

const sgr =
  (codes: string): Paint =>
  (text) =>
    text === '' ? '' : `\u001b[${codes}m${text}\u001b[0m`;

/** The sixteen colours that every terminal has, so that the viewer's own theme decides about the shades. */
export const colours: Palette = {
  title: sgr('1;97;44'),
  heading: sgr('1;36'),
  dim: sgr('90'),
  strong: sgr('1'),
  good: sgr('32'),
  refused: sgr('33'),
  alarm: sgr('1;31'),
  news: sgr('1;35'),
  saved: sgr('1;32'),
};

const plain: Paint = (text) => text;

/** No colours at all: for tests, and where NO_COLOR is set. */
export const noColours: Palette = {
  title: plain,
  heading: plain,
  dim: plain,
  strong: plain,
  good: plain,
  refused: plain,
  alarm: plain,
  news: plain,
  saved: plain,
};

/** The colour of a status. */
export function statusPaint(palette: Palette, status: string): Paint {
  return { done: palette.good, rejected: palette.refused }[status] ?? palette.alarm;
}
