import { setImmediate as nextTick } from 'node:timers/promises';
import type { Clock, Slot } from '../../../src/commands/ports.js';

/** From its slot until a call must have left. */
export const graceMs = 10;

/** A budget without a limit that can be shut: whoever asks gets a slot at once, or when it is opened again. */
export class FakeBudget {
  private gate: { readonly opened: Promise<void>; readonly open: () => void } | null = null;

  constructor(private readonly clock: Clock) {}

  shut(): void {
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    this.gate ??= { opened, open };
  }

  open(): void {
    this.gate?.open();
    this.gate = null;
  }

  /** False when the signal comes before a slot can be given. */
  async turn(signal: AbortSignal): Promise<boolean> {
    const hasLeft = (): boolean => signal.aborted;
    if (hasLeft()) return false;
    await nextTick();
    while (this.gate && !hasLeft()) await this.openedOrLeft(this.gate.opened, signal);
    return !hasLeft();
  }

  slot(deadline: number): Slot {
    const at = this.clock.now();
    const monotonicAt = this.clock.monotonic();
    const sendBy = Math.min(at + graceMs, deadline);
    return { at, sendBy, monotonicAt, monotonicSendBy: monotonicAt + sendBy - at };
  }

  private async openedOrLeft(opened: Promise<void>, signal: AbortSignal): Promise<void> {
    const served = new AbortController();
    const left = new Promise((resolve) => {
      signal.addEventListener('abort', resolve, { signal: served.signal });
    });
    await Promise.race([opened, left]);
    served.abort();
  }
}
