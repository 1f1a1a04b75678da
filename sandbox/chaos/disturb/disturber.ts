import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '../../parts/chance.js';
import type { Disturbance } from '../history.js';
import type { Parts } from '../parts/parts.js';
import { strokes } from './strokes.js';
import type { StrokeName } from './strokes.js';

/** Which disturbances come, and how long it is quiet between two of them (seconds). */
export interface DisturbanceOptions {
  readonly only: readonly StrokeName[] | null;
  readonly everySeconds: readonly [number, number];
}

/** The disturbances of a usual campaign. */
export const usualDisturbances: DisturbanceOptions = { only: null, everySeconds: [1, 7] };

/** Disturbs the parts, one thing after the other; the seed decides which. */
export class Disturber {
  /** What was done so far, oldest first. */
  readonly done: { -readonly [Key in keyof Disturbance]: Disturbance[Key] }[] = [];
  private readonly background = new Set<Promise<void>>();

  constructor(
    private readonly chance: Chance,
    private readonly options: DisturbanceOptions,
  ) {}

  note(what: string): void {
    this.done.push({ at: nowMs(), what });
  }

  /** Notes a stop; the function returned notes its end. */
  private notePause(what: string): () => void {
    const pause: (typeof this.done)[number] = { at: nowMs(), what };
    this.done.push(pause);
    return () => {
      pause.pausedUntil = nowMs();
    };
  }

  /** Until the signal aborts; then everything is as before. Rejects when a part cannot be had back. */
  async run(parts: Parts, signal: AbortSignal): Promise<void> {
    const { only, everySeconds } = this.options;
    const choice = (only ?? (Object.keys(strokes) as StrokeName[])).map((name) => strokes[name]);
    const { chance } = this;
    const scene = {
      parts,
      chance,
      note: (what: string) => {
        this.note(what);
      },
      notePause: (what: string) => this.notePause(what),
      meanwhile: (work: Promise<void>) => {
        const ended = work.finally(() => this.background.delete(ended));
        this.background.add(ended);
      },
    };
    const quiet = (): Promise<boolean> =>
      wait(chance.between(...everySeconds) * 1000, true, { signal }).catch(() => false);
    while (await quiet()) if (choice.length > 0) await chance.weighed(choice).act(scene);
    while (this.background.size > 0) await Promise.all(this.background);
  }
}

/** Epoch milliseconds on the monotonic clock, as the twin tells its times. */
function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
