import { NaturalBatch } from '../../src/postgres/natural-batch.js';

/** Statements that end when the test says so; each answers its items in capitals. */
class Statements {
  readonly sent: string[][] = [];
  private readonly endings: (() => void)[] = [];
  /** Items that no statement can take. */
  readonly bad = new Set<string>();

  readonly run = async (items: readonly string[]): Promise<string[]> => {
    this.sent.push([...items]);
    await new Promise<void>((resolve) => this.endings.push(resolve));
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
    batch = new NaturalBatch({ run: statements.run, most: 4, key: (item) => item.charAt(0) });
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
