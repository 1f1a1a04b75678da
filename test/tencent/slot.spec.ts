import { untilSlot } from '../../src/tencent/slot.js';
import { MachineClock } from './machine-clock.js';

const slotAt = (monotonicAt: number) => ({
  at: 0,
  sendBy: 0,
  monotonicAt,
  monotonicSendBy: monotonicAt + 10,
});

/** A clock whose waits end early, as Node's timers may. */
class EarlyClock extends MachineClock {
  override wait(ms: number): Promise<void> {
    return super.wait(ms - 5);
  }
}

describe('waiting for a slot', () => {
  it.each([0.3, 1, 2.5, 7, 20.9])('of %d ms never ends before it', async (ahead) => {
    const clock = new EarlyClock();
    const at = clock.monotonic() + ahead;
    await untilSlot(clock, slotAt(at));
    expect(clock.monotonic()).toBeGreaterThanOrEqual(at);
  });

  it('ends at once for a slot that is past', async () => {
    const waits: number[] = [];
    const clock = new (class extends MachineClock {
      override wait(ms: number): Promise<void> {
        waits.push(ms);
        return super.wait(ms);
      }
    })();
    await untilSlot(clock, slotAt(clock.monotonic() - 50));
    expect(waits).toEqual([]);
  });
});
