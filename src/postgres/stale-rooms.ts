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

  /** Stamps a prediction with the order of its arrival. */
  number(prediction: Prediction): Numbered {
    this.added += 1;
    return { ...prediction, ordinal: this.added };
  }

  async run(
    batch: readonly Numbered[],
    record: (fit: readonly Prediction[]) => Promise<Recorded[]>,
  ): Promise<Recorded[]> {
    const fit = batch.filter((each) => !this.isStale(each));
    for (const [room, ordinal] of this.staleUpTo) {
      if (batch.some((each) => each.ordinal >= ordinal)) this.staleUpTo.delete(room);
    }
    const results = fit.length > 0 ? await record(fit) : [];
    fit.forEach((each, at) => {
      if (results[at] !== 'recorded') this.staleUpTo.set(roomOf(each), this.added);
    });
    const byItem = new Map(fit.map((each, at) => [each, results[at]]));
    return batch.map((each) => byItem.get(each) ?? 'stale');
  }

  private isStale(each: Numbered): boolean {
    return each.ordinal <= (this.staleUpTo.get(roomOf(each)) ?? 0);
  }
}

function roomOf({ settlement: { request } }: Prediction): string {
  return `${request.sdkAppId} ${request.roomId}`;
}
