interface Waiting<Item, Result> {
  /** Counts the arrivals. */
  readonly no: number;
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** How a batch is run. */
export interface BatchOptions<Item, Result> {
  /**
   * One statement for all items; results in the order of the items. `alone`: the item is known to be obstructed, and goes
   * on trying beside the others.
   */
  readonly run: (items: readonly Item[], alone: boolean) => Promise<readonly Result[]>;
  /** Rows a statement at the most: past some hundreds a statement gains nothing and holds its locks longer. */
  readonly most: number;
  /** Two items with one key never share a statement; the later one waits for the next. */
  readonly key?: (item: Item) => string;
  /** Items of one order are never run past an earlier one that is obstructed, or kept back for its key. Default: the key. */
  readonly order?: (item: Item) => string;
  /** Errors that concern one row and pass in time: somebody else keeps it locked. */
  readonly isObstructed?: (error: unknown) => boolean;
}

/**
 * Whatever arrives while one statement is in flight forms the next: idle means batches of one and no added latency, load
 * means large batches. Items go in the order of their arrival. A failing batch is split, so that one bad row cannot fail
 * its neighbours, and one that is obstructed waits by itself; `run` repeats by itself what is worth repeating.
 */
export class NaturalBatch<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private running = false;
  private arrivals = 0;
  /** Orders in which an item is obstructed. */
  private readonly held = new Set<string>();

  constructor(private readonly options: BatchOptions<Item, Result>) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.arrivals += 1;
      this.waiting.push({ no: this.arrivals, item, resolve, reject });
      this.wake();
    });
  }

  private wake(): void {
    if (!this.running) void this.drain();
  }

  private async drain(): Promise<void> {
    this.running = true;
    // Everything that the current turn of the event loop adds belongs to the first batch.
    await Promise.resolve();
    for (let batch = this.take(); batch.length > 0; batch = this.take()) await this.attempt(batch);
    this.running = false;
  }

  private take(): Waiting<Item, Result>[] {
    const { most, key } = this.options;
    if (!key && this.held.size === 0) return this.waiting.splice(0, most);
    const keys = new Set<string>();
    const kept = new Set(this.held);
    const batch: Waiting<Item, Result>[] = [];
    let later: Waiting<Item, Result>[] = [];
    for (const [at, each] of this.waiting.entries()) {
      if (batch.length === most) {
        later = later.concat(this.waiting.slice(at));
        break;
      }
      const name = key?.(each.item);
      const order = this.orderOf(each);
      const fits = (name === undefined || !keys.has(name)) && (order === null || !kept.has(order));
      (fits ? batch : later).push(each);
      if (name !== undefined) keys.add(name);
      if (!fits && order !== null) kept.add(order);
    }
    this.waiting = later;
    return batch;
  }

  private orderOf({ item }: Waiting<Item, Result>): string | null {
    const { order, key } = this.options;
    return (order ?? key)?.(item) ?? null;
  }

  private isHeld(each: Waiting<Item, Result>): boolean {
    if (this.held.size === 0) return false;
    const order = this.orderOf(each);
    return order !== null && this.held.has(order);
  }

  private async attempt(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      await this.run(batch, false);
    } catch (error) {
      const [only] = batch;
      if (batch.length > 1) await this.attemptHalves(batch);
      else if (only && this.options.isObstructed?.(error)) this.setAside(only);
      else only?.reject(error);
    }
  }

  private async run(batch: readonly Waiting<Item, Result>[], alone: boolean): Promise<void> {
    const results = await this.options.run(
      batch.map(({ item }) => item),
      alone,
    );
    batch.forEach(({ resolve }, at) => {
      resolve(results[at] as Result);
    });
  }

  private async attemptHalves(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    const half = Math.ceil(batch.length / 2);
    await this.attempt(batch.slice(0, half));
    const rest = batch.slice(half);
    // What must not go past an obstructed one waits for it.
    this.giveBack(rest.filter((each) => this.isHeld(each)));
    const free = rest.filter((each) => !this.isHeld(each));
    if (free.length > 0) await this.attempt(free);
  }

  /** In their place: of two that are given back one after the other the second may be the older one. */
  private giveBack(back: readonly Waiting<Item, Result>[]): void {
    this.waiting = [...back, ...this.waiting].sort((a, b) => a.no - b.no);
  }

  private setAside(each: Waiting<Item, Result>): void {
    const order = this.orderOf(each);
    if (order !== null) this.held.add(order);
    const release = (): void => {
      if (order !== null) this.held.delete(order);
      this.wake();
    };
    this.run([each], true).catch(each.reject).finally(release);
  }
}
