import { Gate, graceOf, holdMs } from '../../src/postgres/gate.js';
import type { Admission, Door, Grant, Reserve } from '../../src/postgres/gate.js';
import { WoundClock } from './wound-clock.js';

type Bounds = Parameters<Reserve<string, string>>[1];

/** A budget with a slot every 5 ms; its statements take as long, and end, as the test says. */
class Budget {
  readonly asked: (readonly string[])[] = [];
  readonly askedAt: number[] = [];
  readonly bounds: Bounds[] = [];
  /** Items that cannot be stored. */
  readonly bad = new Set<string>();
  takesMs = 0;
  /** How many slots there are before `opensAt` (database time). */
  left = Infinity;
  opensAt = 0;

  constructor(private readonly clock: WoundClock) {}

  readonly reserve: Reserve<string, string> = async (items, bounds) => {
    this.asked.push([...items]);
    this.bounds.push(bounds);
    this.askedAt.push(this.clock.monotonic());
    const nowAt = this.clock.time.now();
    await this.clock.wait(this.takesMs);
    if (items.some((item) => this.bad.has(item))) throw new Error(`cannot store ${items.join()}`);
    return this.grant(items, nowAt, nowAt + bounds.leadMs);
  };

  private grant(items: readonly string[], nowAt: number, first: number): Grant<string> {
    const results = items.map((_, n) => (n < this.left ? { result: 'claimed', at: first + n * 5 } : null));
    const granted = results.filter((result) => result !== null).length;
    this.left -= granted;
    return { results, nextAt: Math.max(first + granted * 5, this.opensAt), nowAt };
  }
}

/** What stands before the budget: wide open, unless the test says otherwise. */
class TestDoor implements Door {
  places = Infinity;
  private waiter: (() => void) | null = null;

  free(): number {
    return this.places;
  }

  freed(): Promise<void> {
    return new Promise((resolve) => (this.waiter = resolve));
  }

  open(places: number): void {
    this.places = places;
    this.waiter?.();
  }
}

describe('the gate', () => {
  let door: TestDoor;
  let clock: WoundClock;
  let budget: Budget;
  let gate: Gate<string, string>;

  beforeEach(() => {
    clock = new WoundClock();
    budget = new Budget(clock);
    door = new TestDoor();
    gate = new Gate(clock, budget.reserve, door, graceOf(25));
  });

  /** An application from a room of its own. */
  const apply = (
    item: string,
    { signal = new AbortController().signal, deadline = Infinity, room = item } = {},
  ) => gate.apply(item, { room, deadline, signal });
  const slotOf = (admission: Admission<string>) => {
    if (admission === 'aborted' || !admission.slot) throw new Error('no slot');
    return admission.slot;
  };

  it('hands out the slot on the clock of this process, to be used within the grace', async () => {
    const before = clock.time.now();
    const { at, sendBy, monotonicAt, monotonicSendBy } = slotOf(await apply('a'));
    expect(at).toBe(before + 10);
    expect([sendBy - at, monotonicAt, monotonicSendBy]).toEqual([10, 10, 20]);
  });

  it('never allows a slot after the deadline', async () => {
    const { at, sendBy, monotonicAt, monotonicSendBy } = slotOf(
      await apply('a', { deadline: clock.time.now() + 13 }),
    );
    expect([sendBy - at, monotonicSendBy - monotonicAt]).toEqual([3, 3]);
  });

  it('asks for no slot nearer than its lead, none farther than 50 ms beyond it, and for ten at the most', async () => {
    const all = Array.from({ length: 12 }, (_, n) => apply(`room ${n}`));
    await clock.time.pass(Promise.all(all));
    expect(budget.asked.map((items) => items.length)).toEqual([1, 10, 1]);
    expect(budget.bounds[0]).toEqual({ leadMs: 10, aheadMs: 60 });
  });

  it('learns its lead from how long the statements take', async () => {
    budget.takesMs = 20;
    await clock.time.pass(apply('a'));
    await clock.time.pass(apply('b'));
    expect(budget.bounds[1]?.leadMs).toBe(21);
  });

  it('asks again a lead and 15 ms before what it got is used up, and not earlier', async () => {
    const all = Array.from({ length: 20 }, (_, n) => apply(`room ${n}`));
    await clock.time.pass(Promise.all(all));
    // One at once, then ten more with a lead of 3 ms (slots from 3 to 48, the next at 53), then the rest.
    expect(budget.asked.map((items) => items.length)).toEqual([1, 10, 9]);
    expect(budget.askedAt).toEqual([0, 0, 53 - 3 - 15]);
  });

  it('lets wait whoever got no slot, at the front, until the budget opens', async () => {
    budget.left = 0;
    budget.opensAt = clock.time.now() + 1_000;
    const first = apply('a');
    await clock.time.letOthersRun();
    const second = apply('b');
    await clock.time.advance(900);
    expect(budget.asked).toEqual([['a']]);
    budget.left = Infinity;
    await clock.time.pass(Promise.all([first, second]));
    expect(budget.asked.slice(1)).toEqual([['a', 'b']]);
    expect(budget.askedAt[1]).toBe(1_000 - 10 - 15);
  });

  it('lets rooms take turns', async () => {
    budget.left = 0;
    budget.opensAt = clock.time.now() + 100;
    const all = [
      apply('first'),
      ...['h1', 'h2', 'h3'].map((item) => apply(item, { room: 'hot' })),
      apply('b'),
    ];
    await clock.time.letOthersRun();
    budget.left = Infinity;
    await clock.time.pass(Promise.all(all));
    expect(budget.asked.slice(1)).toEqual([['first', 'h1', 'b'], ['h2'], ['h3']]);
  });

  it('asks for nobody who has left before', async () => {
    expect(await apply('a', { signal: AbortSignal.abort() })).toBe('aborted');
    await clock.time.advance(1_000);
    expect(budget.asked).toEqual([]);
  });

  it('lets go at once whoever leaves while waiting, and does not ask for them any more', async () => {
    budget.left = 0;
    budget.opensAt = clock.time.now() + 1_000;
    const leaving = new AbortController();
    const left = apply('a', { signal: leaving.signal });
    const stays = apply('b');
    await clock.time.letOthersRun();
    leaving.abort();
    expect(await left).toBe('aborted');
    budget.left = Infinity;
    await clock.time.pass(stays);
    expect(budget.asked.flat().filter((item) => item === 'a')).toHaveLength(1);
    expect(budget.asked.at(-1)).toEqual(['b']);
  });

  it('hands the claim to whoever leaves while it is being committed: it stands', async () => {
    budget.takesMs = 5;
    const leaving = new AbortController();
    const admission = apply('a', { signal: leaving.signal });
    await clock.time.advance(1);
    leaving.abort();
    expect(await clock.time.pass(admission)).toMatchObject({ result: 'claimed' });
  });

  it('lets go whoever leaves during a statement that had no slot for them', async () => {
    budget.takesMs = 5;
    budget.left = 0;
    const leaving = new AbortController();
    const admission = apply('a', { signal: leaving.signal });
    await clock.time.advance(1);
    leaving.abort();
    expect(await clock.time.pass(admission)).toBe('aborted');
    await clock.time.advance(1_000);
    expect(budget.asked).toHaveLength(1);
  });

  it('spends no slot while its door is shut, and lets go whoever leaves meanwhile', async () => {
    door.places = 0;
    const leaving = new AbortController();
    const left = apply('a', { signal: leaving.signal });
    const stays = apply('b');
    await clock.time.advance(60_000);
    leaving.abort();
    expect(await left).toBe('aborted');
    expect(budget.asked).toEqual([]);
    door.open(1);
    expect(await clock.time.pass(stays)).toMatchObject({ result: 'claimed' });
    expect(budget.asked).toEqual([['b']]);
  });

  it('asks for no more than there are places', async () => {
    door.places = 2;
    const all = ['a', 'b', 'c'].map((item) => apply(item));
    await clock.time.pass(Promise.all(all));
    expect(budget.asked.map((items) => items.length)).toEqual([1, 2]);
  });

  it('gives no slot whose claim took longer than slots lie ahead: a step of the clock could hide in it', async () => {
    budget.takesMs = 91;
    expect(slotOf(await clock.time.pass(apply('a'))).monotonicSendBy).toBe(-Infinity);
    budget.takesMs = 90;
    expect(slotOf(await clock.time.pass(apply('b'))).monotonicSendBy).toBeGreaterThan(0);
  });

  it('fails only the one that cannot be stored, and goes on', async () => {
    budget.bad.add('b');
    budget.left = 0;
    budget.opensAt = clock.time.now() + 100;
    const all = ['a', 'b', 'c'].map((item) => apply(item));
    const settled = Promise.allSettled(all);
    await clock.time.letOthersRun();
    budget.left = Infinity;
    expect((await clock.time.pass(settled)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    await expect(all[1]).rejects.toThrow('cannot store b');
    expect(await clock.time.pass(apply('d'))).toMatchObject({ result: 'claimed' });
  });

  describe("when the database's clock is set", () => {
    it.each([-10_000, 10_000])(
      'by %d ms, slots of the new time are never used, those of the old are',
      async (ms) => {
        budget.takesMs = 5;
        const admission = apply('a');
        clock.time.step(ms);
        expect(slotOf(await clock.time.pass(admission)).monotonicSendBy).toBe(20);
        const voided = slotOf(await clock.time.pass(apply('b')));
        expect(voided.monotonicSendBy).toBe(-Infinity);
      },
    );

    it('asks for nothing until the old slots are a second old', async () => {
      await apply('a');
      clock.time.step(10_000);
      await clock.time.pass(apply('b'));
      const foundAt = clock.monotonic();
      const next = slotOf(await clock.time.pass(apply('c')));
      expect(budget.askedAt[2]).toBe(foundAt + holdMs);
      expect(next.monotonicSendBy).toBeGreaterThan(foundAt + holdMs);
    });

    it('holds off as well when somebody else found it', async () => {
      await apply('a');
      await clock.time.advance(500);
      clock.time.step(10_000);
      expect(clock.agrees(clock.time.now(), clock.monotonic(), clock.monotonic())).toBe(false);
      await clock.time.pass(apply('b'));
      expect(budget.askedAt[1]).toBe(500 + holdMs);
    });
  });
});
