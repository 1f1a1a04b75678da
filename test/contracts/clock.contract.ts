import type { Clock } from '../../src/commands/ports.js';

/** A clock, and how its time passes while something is awaited. */
export interface ClockUnderTest {
  readonly clock: Clock;
  pass<T>(work: Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/** What every clock must do, the wound one of the tests and the one that follows the database. */
export function clockContract(name: string, start: () => Promise<ClockUnderTest>): void {
  describe(`the clock ${name}`, () => {
    let under: ClockUnderTest;
    beforeEach(async () => {
      under = await start();
    });
    afterEach(() => under.stop());

    it('waits no shorter than asked, while both of its times go on at one pace', async () => {
      const { clock } = under;
      const before = [clock.now(), clock.monotonic()] as const;
      await under.pass(clock.wait(60));
      const [now, monotonic] = [clock.now() - before[0], clock.monotonic() - before[1]];
      expect(monotonic).toBeGreaterThanOrEqual(60);
      expect(Math.abs(now - monotonic)).toBeLessThan(5);
    });

    it('ends a wait when the signal aborts, and does not begin one after it, without rejecting', async () => {
      const { clock } = under;
      const before = clock.monotonic();
      const stop = new AbortController();
      const waiting = clock.wait(3_600_000, stop.signal);
      stop.abort();
      await waiting;
      await clock.wait(3_600_000, stop.signal);
      expect(clock.monotonic() - before).toBeLessThan(60_000);
    });

    it('never runs backwards', async () => {
      const { clock } = under;
      const told: number[] = [];
      for (let at = 0; at < 20; at += 1) {
        told.push(clock.now());
        await under.pass(clock.wait(1));
      }
      expect(told).toEqual(told.toSorted((a, b) => a - b));
    });
  });
}
