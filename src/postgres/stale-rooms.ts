import type { Prediction, Recorded } from './predictions.js';

interface Numbered extends Prediction {
  readonly ordinal: number;
}

/**
 * Keeps rivals in order over several batches: when a prediction of a room was not recorded, whatever of that room was
 * decided before the answer came, and still waits for its batch, is decided again, too.
 */
export class StaleRooms {
  private added = 0;
  private readonly staleUpTo = new Map<string, number>();
  /** How many predictions of a room are not recorded or sent back yet: one that waits may be older than any that went by. */
  private readonly open = new Map<string, number>();

  /** Stamps a prediction with the order of its arrival. */
  number(prediction: Prediction): Numbered {
    this.added += 1;
    const room = roomOf(prediction);
    this.open.set(room, (this.open.get(room) ?? 0) + 1);
    return { ...prediction, ordinal: this.added };
  }

  async run(
    batch: readonly Numbered[],
    record: (fit: readonly Prediction[]) => Promise<Recorded[]>,
  ): Promise<Recorded[]> {
    // What is sent back was believed to have passed until now: whoever was decided behind it goes back with it.
    this.mark(batch.filter((each) => this.isStale(each)));
    const fit = batch.filter((each) => !this.isStale(each));
    const recorded = fit.length > 0 ? await record(fit) : [];
    const byItem = new Map(fit.map((each, at) => [each, recorded[at]]));
    const results = batch.map((each) => byItem.get(each) ?? 'stale');
    this.mark(batch.filter((_, at) => results[at] !== 'recorded'));
    for (const each of batch) this.close(roomOf(each));
    return results;
  }

  private mark(sentBack: readonly Numbered[]): void {
    for (const each of sentBack) this.staleUpTo.set(roomOf(each), this.added);
  }

  private close(room: string): void {
    const left = (this.open.get(room) ?? 0) - 1;
    if (left > 0) {
      this.open.set(room, left);
      return;
    }
    this.open.delete(room);
    this.staleUpTo.delete(room);
  }

  private isStale(each: Numbered): boolean {
    return each.ordinal <= (this.staleUpTo.get(roomOf(each)) ?? 0);
  }
}

function roomOf({ settlement: { request } }: Prediction): string {
  return `${request.sdkAppId} ${request.roomId}`;
}
