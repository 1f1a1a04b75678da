import type { Clock } from '../commands/ports.js';

/** Waits until the work has ended, well or badly, but no longer than `ms`; leaves no timer behind. */
export async function waitAtMost(ms: number, work: Promise<unknown>, clock: Clock): Promise<void> {
  const over = new AbortController();
  const ended = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([ended, clock.wait(ms, over.signal)]);
  over.abort();
}
