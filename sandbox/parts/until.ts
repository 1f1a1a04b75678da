import { setTimeout as wait } from 'node:timers/promises';

/** Asks again until the answer is not null; fails with what `failure` says once the deadline has passed. */
export async function until<T>(
  ask: () => Promise<T | null>,
  withinMs: number,
  failure: () => string,
): Promise<T> {
  const giveUp = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > giveUp) throw new Error(failure());
    await wait(30);
  }
}
