import { allowances } from './allowances.js';
import type { Ledger } from './ledger.js';

/** A stretch of time, both ends counted; epoch milliseconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * The moments that a read of the room which ended at `readAt` can have shown. A read may have taken as long as our
 * patience lasts, and shows the seats as they were when it was executed, or up to its staleness before.
 */
export function shownTimes(roomId: string, readAt: number, ledger: Ledger): Stretch[] {
  const { clockMs, pathMs, stalenessMs, quietMs } = allowances;
  const earliest = heardSince(readAt, ledger) - ledger.history.rules.timeoutMs - pathMs;
  const times: Stretch[] = [];
  for (const { arrivedAt, executedAt, answeredAt } of ledger.reads.get(roomId) ?? []) {
    if (arrivedAt < earliest) continue;
    if (arrivedAt > readAt + clockMs) break;
    if (executedAt === null || answeredAt === null || answeredAt > readAt + clockMs) continue;
    times.push({ from: executedAt - stalenessMs - quietMs, to: executedAt + clockMs });
  }
  return times;
}

/** An answer that lay in a stopped process is heard when the process goes on. */
function heardSince(readAt: number, { history }: Ledger): number {
  return history.disturbances.reduce((since, { at, pausedUntil = -Infinity }) => {
    const wasStopped = at <= readAt && pausedUntil >= readAt - allowances.pathMs;
    return wasStopped ? Math.min(since, at) : since;
  }, readAt);
}
