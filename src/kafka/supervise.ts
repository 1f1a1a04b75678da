import type { Clock } from '../commands/ports.js';

/** How long to try before a person, or whoever restarts processes, must take over. */
export interface Patience {
  /** Endings in a row after which nothing is tried any more. */
  readonly attempts: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** What lasted so long was healthy: its ending is the first in a row. */
  readonly healthyAfterMs: number;
}

/** About five minutes of trying, all waits and kafkajs' own attempts together. */
const patience: Patience = {
  attempts: 10,
  firstWaitMs: 1_000,
  longestWaitMs: 30_000,
  healthyAfterMs: 60_000,
};

/**
 * Runs something again whenever it ends, with growing waits. Resolves with null on a stop, and with the last reason once
 * it has ended too often in a row.
 */
export async function supervise(
  run: () => Promise<Error>,
  onEnd: (reason: Error, attempt: number) => void,
  clock: Clock,
  signal: AbortSignal,
  { attempts, firstWaitMs, longestWaitMs, healthyAfterMs }: Patience = patience,
): Promise<Error | null> {
  let endings = 0;
  while (!signal.aborted) {
    const startedAt = clock.monotonic();
    const reason = await run();
    if (isAborted(signal)) return null;
    endings = clock.monotonic() - startedAt >= healthyAfterMs ? 1 : endings + 1;
    onEnd(reason, endings);
    if (endings >= attempts) return reason;
    await clock.wait(Math.min(firstWaitMs * 2 ** (endings - 1), longestWaitMs), signal);
  }
  return null;
}

/** Behind an await the signal may have changed, which the compiler does not believe. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
