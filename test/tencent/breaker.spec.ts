import { Breaker } from '../../src/tencent/breaker.js';
import { FakeClock } from '../support/fakes/fake-clock.js';

describe('the breaker', () => {
  let clock: FakeClock;
  let changes: number;
  let breaker: Breaker;

  beforeEach(() => {
    clock = new FakeClock();
    changes = 0;
    breaker = new Breaker(clock, () => (changes += 1));
  });

  const note = (failed: boolean, times: number): void => {
    for (let each = 0; each < times; each += 1) breaker.note(failed, clock.monotonic());
  };

  it('is closed, and bounds nothing', () => {
    expect([breaker.isOpen, breaker.most]).toEqual([false, Infinity]);
  });

  it.each([
    ['half of twenty calls failed', 10, 10, true],
    ['fewer than half failed', 11, 10, false],
    ['all failed, but too few to prove anything', 0, 19, false],
    ['twenty failed', 0, 20, true],
  ])('%s', (_, answered, failed, isOpen) => {
    note(false, answered);
    note(true, failed);
    expect([breaker.isOpen, breaker.most]).toEqual([isOpen, isOpen ? 0 : Infinity]);
  });

  it('looks back ten seconds', async () => {
    note(true, 19);
    await clock.advance(10_000);
    note(true, 1);
    expect(breaker.isOpen).toBe(false);
    note(true, 19);
    expect(breaker.isOpen).toBe(true);
  });

  it('lets one through after a second, and tells so', async () => {
    note(true, 20);
    await clock.advance(999);
    expect([breaker.most, changes]).toEqual([0, 0]);
    await clock.advance(1);
    expect([breaker.most, changes]).toEqual([1, 1]);
  });

  it('closes when that one is answered, and starts to count anew', async () => {
    note(true, 20);
    await clock.advance(1_000);
    note(false, 1);
    expect([breaker.isOpen, breaker.most, changes]).toEqual([false, Infinity, 2]);
    note(true, 19);
    expect(breaker.isOpen).toBe(false);
  });

  it('waits twice as long after each that fails, at most 4 s, and a second again once it was closed', async () => {
    note(true, 20);
    for (const seconds of [1, 2, 4, 4]) {
      await clock.advance(seconds * 1_000 - 1);
      expect(breaker.most).toBe(0);
      await clock.advance(1);
      expect(breaker.most).toBe(1);
      note(true, 1);
    }
    await clock.advance(4_000);
    note(false, 1);
    note(true, 20);
    await clock.advance(1_000);
    expect(breaker.most).toBe(1);
  });

  it('learns nothing from calls that were under way when it opened, whenever they end', async () => {
    await clock.advance(100);
    note(true, 20);
    const before = clock.monotonic() - 1;
    breaker.note(false, before);
    expect(breaker.most).toBe(0);
    await clock.advance(1_000);
    breaker.note(true, before);
    breaker.note(false, before);
    expect([breaker.isOpen, breaker.most]).toEqual([true, 1]);
  });

  it('keeps no more than the calls of its window in mind', async () => {
    note(false, 1_000);
    await clock.advance(10_000);
    note(false, 1);
    note(true, 19);
    expect(breaker.isOpen).toBe(true);
  });
});
