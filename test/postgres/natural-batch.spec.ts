import { NaturalBatch } from '../../src/postgres/natural-batch.js';

/** Statements that end when the test says so; each answers its items in capitals. */
class Statements {
  readonly sent: string[][] = [];
  private readonly endings: (() => void)[] = [];
  /** Items that no statement can take. */
  readonly bad = new Set<string>();

  /** Items whose row somebody else keeps locked. */
  readonly locked = new Set<string>();
  /** Items that are tried beside the others, until the test lets them through. */
  readonly alone = new Map<string, () => void>();

  readonly run = async (items: readonly string[], alone: boolean): Promise<string[]> => {
    const [only] = items;
    if (alone && only)
      return new Promise((resolve) => {
        this.alone.set(only, () => {
          resolve([only.toUpperCase()]);
        });
      });
    this.sent.push([...items]);
    await new Promise<void>((resolve) => this.endings.push(resolve));
    if (items.some((item) => this.locked.has(item))) throw new Error('locked');
    const bad = items.find((item) => this.bad.has(item));
    if (bad !== undefined) throw new Error(`cannot take ${bad}`);
    return items.map((item) => item.toUpperCase());
  };

  /** Ends the statement in flight and lets the next one go out. */
  async end(): Promise<void> {
    this.endings.shift()?.();
    await new Promise(setImmediate);
  }
}

describe('a natural batch', () => {
  let statements: Statements;
  let batch: NaturalBatch<string, string>;

  beforeEach(() => {
    statements = new Statements();
    batch = new NaturalBatch({
      run: statements.run,
      most: 4,
      key: (item) => item.charAt(0),
      isObstructed: (error) => error instanceof Error && error.message === 'locked',
    });
  });

  const add = (...items: string[]): Promise<PromiseSettledResult<string>[]> =>
    Promise.allSettled(items.map((item) => batch.add(item)));
  const fulfilled = (...values: string[]) => values.map((value) => ({ status: 'fulfilled', value }));

  it('is one item when nothing is in flight', async () => {
    const results = add('a');
    await new Promise(setImmediate);
    expect(statements.sent).toEqual([['a']]);
    await statements.end();
    expect(await results).toEqual(fulfilled('A'));
    const next = add('b');
    await new Promise(setImmediate);
    await statements.end();
    expect(await next).toEqual(fulfilled('B'));
    expect(statements.sent).toEqual([['a'], ['b']]);
  });

  it('is everything that one turn of the event loop adds', async () => {
    const results = add('a', 'b', 'c');
    await new Promise(setImmediate);
    expect(statements.sent).toEqual([['a', 'b', 'c']]);
    await statements.end();
    expect(await results).toEqual(fulfilled('A', 'B', 'C'));
  });

  it('grows by what comes while a statement is in flight, in the order of arrival, up to its bound', async () => {
    const results = [add('a')];
    await new Promise(setImmediate);
    for (const item of ['f', 'e', 'd', 'c', 'b']) {
      results.push(add(item));
      await new Promise(setImmediate);
    }
    expect(statements.sent).toEqual([['a']]);
    for (let each = 0; each < 3; each += 1) await statements.end();
    expect(statements.sent).toEqual([['a'], ['f', 'e', 'd', 'c'], ['b']]);
    expect((await Promise.all(results)).flat()).toEqual(fulfilled('A', 'F', 'E', 'D', 'C', 'B'));
  });

  it('never holds one key twice, and keeps the order of one key', async () => {
    const results = add('a1', 'a2', 'b1', 'a3', 'b2');
    for (let each = 0; each < 4; each += 1) {
      await new Promise(setImmediate);
      await statements.end();
    }
    expect(statements.sent).toEqual([['a1', 'b1'], ['a2', 'b2'], ['a3']]);
    expect(await results).toEqual(fulfilled('A1', 'A2', 'B1', 'A3', 'B2'));
  });

  it('is split where it fails, so that one bad item fails alone', async () => {
    statements.bad.add('c');
    const results = add('a', 'b', 'c', 'd');
    await new Promise(setImmediate);
    for (let each = 0; each < 5; each += 1) await statements.end();
    expect(statements.sent).toEqual([['a', 'b', 'c', 'd'], ['a', 'b'], ['c', 'd'], ['c'], ['d']]);
    const [a, b, c, d] = await results;
    expect([a, b, d]).toEqual(fulfilled('A', 'B', 'D'));
    expect(c).toMatchObject({ status: 'rejected', reason: { message: 'cannot take c' } });
  });

  it('sets aside what somebody else keeps locked, and goes on with the others', async () => {
    statements.locked.add('b');
    const stuck = batch.add('b');
    const others = add('a', 'c');
    await new Promise(setImmediate);
    for (let each = 0; each < 5; each += 1) await statements.end();
    expect(await others).toEqual(fulfilled('A', 'C'));
    const later = add('d');
    await new Promise(setImmediate);
    await statements.end();
    expect(await later).toEqual(fulfilled('D'));
    expect([...statements.alone.keys()]).toEqual(['b']);
    statements.alone.get('b')?.();
    expect(await stuck).toBe('B');
  });

  it('lets nothing go past what is set aside and must stay ahead of it', async () => {
    const ordered = new NaturalBatch<string, string>({
      run: statements.run,
      most: 4,
      order: (item) => item.charAt(0),
      isObstructed: (error) => error instanceof Error && error.message === 'locked',
    });
    statements.locked.add('b1');
    const all = ['a', 'b1', 'c', 'b2'].map((item) => ordered.add(item));
    await new Promise(setImmediate);
    for (let each = 0; each < 6; each += 1) await statements.end();
    const behind = ordered.add('b3');
    await Promise.all([all[0], all[2]]);
    expect(statements.sent.slice(1).flat()).not.toContain('b2');
    const before = statements.sent.length;
    statements.alone.get('b1')?.();
    expect(await all[1]).toBe('B1');
    await new Promise(setImmediate);
    await statements.end();
    expect(await Promise.all([all[3], behind])).toEqual(['B2', 'B3']);
    expect(statements.sent.slice(before)).toEqual([['b2', 'b3']]);
  });

  it('lets nothing of its order go past one that is kept back for its key', async () => {
    const ordered = new NaturalBatch<string, string>({
      run: statements.run,
      most: 4,
      key: (item) => item,
      order: (item) => item.charAt(0),
    });
    const all = ['a1', 'a2', 'a1', 'b1', 'a3'].map((item) => ordered.add(item));
    await new Promise(setImmediate);
    for (let each = 0; each < 2; each += 1) await statements.end();
    expect(await Promise.all(all)).toEqual(['A1', 'A2', 'A1', 'B1', 'A3']);
    expect(statements.sent).toEqual([
      ['a1', 'a2', 'b1'],
      ['a1', 'a3'],
    ]);
  });

  it('keeps the order of what waits behind one that is set aside, however often the batch was split', async () => {
    const ordered = new NaturalBatch<string, string>({
      run: statements.run,
      most: 4,
      order: (item) => item.charAt(0),
      isObstructed: (error) => error instanceof Error && error.message === 'locked',
    });
    statements.locked.add('b1');
    const all = ['b1', 'b2', 'b3', 'b4'].map((item) => ordered.add(item));
    await new Promise(setImmediate);
    for (let each = 0; each < 3; each += 1) await statements.end();
    const before = statements.sent.length;
    statements.alone.get('b1')?.();
    await all[0];
    await new Promise(setImmediate);
    await statements.end();
    expect(await Promise.all(all)).toEqual(['B1', 'B2', 'B3', 'B4']);
    expect(statements.sent.slice(before)).toEqual([['b2', 'b3', 'b4']]);
  });

  it('goes on after a failure', async () => {
    statements.bad.add('x');
    const failed = add('x');
    await new Promise(setImmediate);
    await statements.end();
    expect(await failed).toMatchObject([{ status: 'rejected' }]);
    const next = add('a');
    await new Promise(setImmediate);
    await statements.end();
    expect(await next).toEqual(fulfilled('A'));
  });
});
