import { setTimeout as wait } from 'node:timers/promises';

/** Waits until the condition holds, and fails, naming `what` was awaited, when it does not within so many milliseconds. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  { within, what }: { readonly within: number; readonly what: string },
): Promise<void> {
  const giveUp = performance.now() + within;
  while (!(await condition())) {
    if (performance.now() > giveUp) throw new Error(`not within ${within} ms: ${what}`);
    await wait(10);
  }
}
