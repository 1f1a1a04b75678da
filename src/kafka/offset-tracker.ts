/**
 * Which offsets of one partition are finished, and how far everything is: the low watermark. Offsets may have gaps
 * (control records, compaction). All operations are O(1), amortised. Offsets fit a double: 2^53 records a partition.
 */
export class OffsetTracker {
  private readonly unfinished = new Set<number>();
  /** Everything taken and not yet below the watermark, in order; the part before `head` is spent. */
  private taken: number[] = [];
  private head = 0;
  private next: number;

  /** `start`: the first offset of which anything is unknown. */
  constructor(start: number) {
    this.next = start;
  }

  /** Holds an offset; false when it was taken or passed before. */
  take(offset: number): boolean {
    if (offset < this.next) return false;
    this.taken.push(offset);
    this.unfinished.add(offset);
    this.next = offset + 1;
    return true;
  }

  /** Everything below `offset` that was not taken is no business of ours: control records. */
  skipTo(offset: number): void {
    if (offset > this.next) this.next = offset;
  }

  /** Marks a taken offset; again or untaken changes nothing. */
  finish(offset: number): void {
    if (!this.unfinished.delete(offset)) return;
    let first = this.taken[this.head];
    while (first !== undefined && !this.unfinished.has(first)) {
      this.head += 1;
      first = this.taken[this.head];
    }
    if (this.head > 1024 && this.head * 2 > this.taken.length) {
      this.taken = this.taken.slice(this.head);
      this.head = 0;
    }
  }

  /** The next offset to commit: everything below is finished. Never runs backwards. */
  watermark(): number {
    return this.taken[this.head] ?? this.next;
  }

  /** One above the highest offset taken or passed. */
  end(): number {
    return this.next;
  }

  /** Offsets taken and not finished. */
  unsettled(): number {
    return this.unfinished.size;
  }

  /** Offsets between the watermark and the end, finished ones included. */
  distance(): number {
    return this.next - this.watermark();
  }
}
