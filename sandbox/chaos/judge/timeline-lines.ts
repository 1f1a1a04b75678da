/** A line of a timeline. `isOwn`: it belongs to the request itself, and stays when there are too many. */
export interface Line {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
  readonly isOwn: boolean;
}

/** A screenful. */
const most = 60;

/** At most 60 lines: the request's own first, then what lies nearest to them. */
export function shortened(lines: readonly Line[]): Line[] {
  const valid = lines.filter(({ at }) => Number.isFinite(at));
  if (valid.length <= most) return valid;
  const own = valid.filter(({ isOwn }) => isOwn);
  const moments = own.map(({ at }) => at);
  const distance = ({ at }: Line): number =>
    Math.min(...moments.map((moment) => Math.abs(moment - at)), Infinity);
  const context = valid
    .filter(({ isOwn }) => !isOwn)
    .map((line) => ({ line, away: distance(line) }))
    .sort((a, b) => a.away - b.away)
    .map(({ line }) => line);
  const kept = [...own, ...context].slice(0, most - 1);
  const last = kept.reduce((latest, { at }) => Math.max(latest, at), -Infinity);
  return [
    ...kept,
    { at: last, text: `(${valid.length - kept.length} more lines are left out)`, isOwn: true },
  ];
}

/** Oldest first, each beginning with its time. */
export function written(lines: readonly Line[]): string[] {
  return [...lines]
    .sort((a, b) => a.at - b.at)
    .map(({ at, text }) => `${new Date(at).toISOString()} ${text}`);
}
