import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Slot } from '../commands/ports.js';

/**
 * Resolves at the slot, never before it. A timer of Node's may fire up to a millisecond early; what is left then is spent
 * turn by turn of the event loop. Measured at 200 slots a second on a shared core: 0.08 ms late at p50, 0.6 ms at p99, for
 * 8 % of a core. Aiming 1 or 2 ms ahead of the slot cost 22 and 43 % and won half a millisecond of a grace of ten.
 */
export async function untilSlot(clock: Clock, { monotonicAt }: Slot): Promise<void> {
  const ms = monotonicAt - clock.monotonic();
  if (ms >= 1) await clock.wait(ms);
  while (clock.monotonic() < monotonicAt) await nextTurn();
}
