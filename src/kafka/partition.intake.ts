import { OffsetTracker } from './offset-tracker.js';

/**
 * When a partition takes no more, and when it goes on. Unsettled requests cost memory here; the distance from the
 * watermark is what a crash makes everybody read again. Going on far below the bound keeps pauses rare.
 */
const bounds = {
  unsettled: { stop: 5_000, go: 2_500 },
  distance: { stop: 200_000, go: 150_000 },
} as const;

/** Whether a batch may be taken: `refetch` leaves it to be fetched again, `broken` means that records may be missing. */
export type BatchStart = 'take' | 'refetch' | 'outdated' | 'broken';

/** One partition during one assignment: what was taken, what is finished, and where the next batch must begin. */
export class PartitionIntake {
  paused = false;
  private tracker: OffsetTracker | null = null;
  /** Where the consumer's next batch begins; null when a (re)join decides that. */
  private position: number | null = null;
  /** Last offset that the broker acknowledged as committed. */
  private acknowledged = -1;

  /**
   * `doubtful`: a fetch from before the assignment may still be under way, so the first batch proves nothing. Left
   * unresolved, it is fetched again from the committed offset.
   */
  constructor(
    readonly partition: number,
    private doubtful: boolean,
  ) {}

  /** After a rejoin the partition is read from the committed offset again; what is held stays held. `doubtful`: as above. */
  rejoined(doubtful: boolean): void {
    this.position = null;
    this.doubtful = doubtful;
  }

  /** Compares where a batch begins with where it must. `outdated`: somebody else went on meanwhile, start afresh. */
  begin(fetchedOffset: number): BatchStart {
    if (this.doubtful) {
      this.doubtful = false;
      return 'refetch';
    }
    if (this.tracker === null) {
      this.tracker = new OffsetTracker(fetchedOffset);
    } else if (this.position === null) {
      if (fetchedOffset < this.acknowledged || fetchedOffset > this.tracker.end()) return 'outdated';
      // Fetched from the committed offset: somebody else may have brought it there meanwhile.
      this.acknowledged = fetchedOffset;
    } else if (fetchedOffset !== this.position) {
      return 'broken';
    }
    this.position = fetchedOffset;
    return 'take';
  }

  /** Holds an offset; false when it is held or finished already. */
  take(offset: number): boolean {
    return this.tracker?.take(offset) ?? false;
  }

  /** The consumer has read everything below `position`; of a fetch from before a rejoin this proves nothing. */
  readUpTo(position: number): void {
    if (this.position === null) return;
    this.position = position;
    this.tracker?.skipTo(position);
  }

  finish(offset: number): void {
    this.tracker?.finish(offset);
  }

  acknowledge(offset: number): void {
    this.acknowledged = Math.max(this.acknowledged, offset);
  }

  /**
   * The offset to commit; null when the broker has it already. After a rejoin nothing is due before a batch has shown where
   * the commit stands: while this process was away another owner may have gone farther, and a commit must not go back.
   */
  due(): number | null {
    if (this.position === null) return null;
    const watermark = this.tracker?.watermark() ?? null;
    return watermark === null || watermark <= this.acknowledged ? null : watermark;
  }

  unsettled(): number {
    return this.tracker?.unsettled() ?? 0;
  }

  distance(): number {
    return this.tracker?.distance() ?? 0;
  }

  isFull(): boolean {
    return this.unsettled() >= bounds.unsettled.stop || this.distance() >= bounds.distance.stop;
  }

  hasRoomAgain(): boolean {
    return this.unsettled() <= bounds.unsettled.go && this.distance() <= bounds.distance.go;
  }
}
