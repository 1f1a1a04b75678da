import type { SeenOutcome } from './seen-outcome.js';

/** So long the same kind of outcome is not shown again. */
const sameKindMs = 2500;
/** So long nothing ordinary is shown again: people want to read. */
const anyKindMs = 700;

/** Chooses the few outcomes, of a hundred a second, that are worth a line: a bit of everything, and whatever is rare. */
export class Highlights {
  private readonly shownAt = new Map<string, number>();
  private lastAt = -Infinity;

  /** Whether to show this one; `now` in milliseconds. */
  choose(outcome: SeenOutcome, now: number): boolean {
    const kind = `${outcome.status} ${outcome.reason} ${outcome.decidedBy}`;
    if (now - (this.shownAt.get(kind) ?? -Infinity) < sameKindMs) return false;
    if (!isRare(outcome) && now - this.lastAt < anyKindMs) return false;
    this.shownAt.set(kind, now);
    this.lastAt = now;
    return true;
  }
}

function isRare({ status, decidedBy, predicted }: SeenOutcome): boolean {
  return decidedBy === 'read-back' || predicted != null || (status !== 'done' && status !== 'rejected');
}
