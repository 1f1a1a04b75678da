interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** How a batch is run. */
export interface BatchOptions<Item, Result> {
  /** One statement for all items; results in the order of the items. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Rows a statement at the most: past some hundreds a statement gains nothing and holds its locks longer. */
  readonly most: number;
  /** Two items with one key never share a statement; the later one waits for the next. */
  readonly key?: (item: Item) => string;
}

/**
 * Whatever arrives while one statement is in flight forms the next: idle means batches of one and no added latency, load
 * means large batches. Items go in the order of their arrival. A failing batch is split, so that one bad row cannot fail
 * its neighbours; `run` repeats by itself what is worth repeating.
 */
export class NaturalBatch<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private running = false;

  constructor(private readonly options: BatchOptions<Item, Result>) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.running) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.running = true;
    // Everything that the current turn of the event loop adds belongs to the first batch.
    await Promise.resolve();
    while (this.waiting.length > 0) await this.attempt(this.take());
    this.running = false;
  }

  private take(): Waiting<Item, Result>[] {
    const { most, key } = this.options;
    if (!key) return this.waiting.splice(0, most);
    const keys = new Set<string>();
    const batch: Waiting<Item, Result>[] = [];
    const later: Waiting<Item, Result>[] = [];
    for (const each of this.waiting) {
      const name = key(each.item);
      if (batch.length >= most || keys.has(name)) later.push(each);
      else batch.push(each);
      keys.add(name);
    }
    this.waiting = later;
    return batch;
  }

  private async attempt(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.options.run(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, at) => {
        resolve(results[at] as Result);
      });
    } catch (error) {
      const [only] = batch;
      if (batch.length === 1) only?.reject(error);
      else await this.attemptHalves(batch);
    }
  }

  private async attemptHalves(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    const half = Math.ceil(batch.length / 2);
    await this.attempt(batch.slice(0, half));
    await this.attempt(batch.slice(half));
  }
}
