/** A page of a log: what was asked for, and whether some of it is gone already. */
export interface Page<T> {
  readonly entries: readonly T[];
  /** Entries after the asked one that were dropped because the log is full. */
  readonly dropped: number;
}

/** A log that numbers its entries from 1 and keeps the latest ones. */
export class BoundedLog<T extends { readonly n: number }> {
  private entries: T[] = [];
  private last = 0;

  constructor(private readonly kept: number) {}

  /** Makes the entry from its number, keeps it and returns it. */
  add(make: (n: number) => T): T {
    const entry = make(++this.last);
    this.entries.push(entry);
    // Cut in blocks: shifting a long array for every entry would stall the loop.
    if (this.entries.length >= this.kept * 2) this.entries.splice(0, this.entries.length - this.kept);
    return entry;
  }

  /** Entries after number `n`, oldest first, at most `limit`. */
  since(n: number, limit: number): Page<T> {
    const oldest = this.last - Math.min(this.kept, this.entries.length) + 1;
    const from = Math.max(oldest, n + 1);
    const offset = this.entries.length - (this.last - from + 1);
    return { entries: this.entries.slice(offset, offset + limit), dropped: Math.max(0, oldest - n - 1) };
  }

  clear(): void {
    this.entries = [];
    this.last = 0;
  }
}
