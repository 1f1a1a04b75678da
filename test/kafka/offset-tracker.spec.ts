import fc from 'fast-check';
import { OffsetTracker } from '../../src/kafka/offset-tracker.js';

/** The same, without any cleverness. */
class NaiveTracker {
  private readonly held = new Map<number, boolean>();
  private end: number;

  constructor(start: number) {
    this.end = start;
  }

  take(offset: number): boolean {
    if (offset < this.end) return false;
    this.held.set(offset, false);
    this.end = offset + 1;
    return true;
  }

  skipTo(offset: number): void {
    this.end = Math.max(this.end, offset);
  }

  finish(offset: number): void {
    if (this.held.has(offset)) this.held.set(offset, true);
  }

  state(): object {
    const open = [...this.held].filter(([, finished]) => !finished).map(([offset]) => offset);
    const watermark = Math.min(this.end, ...open);
    return { watermark, end: this.end, unsettled: open.length, distance: this.end - watermark };
  }
}

const stateOf = (tracker: OffsetTracker): object => ({
  watermark: tracker.watermark(),
  end: tracker.end(),
  unsettled: tracker.unsettled(),
  distance: tracker.distance(),
});
const step = fc.record({
  act: fc.constantFrom('take', 'take', 'finish', 'finish', 'skipTo'),
  by: fc.integer({ min: -40, max: 3 }),
});

describe('OffsetTracker', () => {
  it('agrees with a naive model, whatever the order of events', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.array(step, { maxLength: 200 }), (start, steps) => {
        const tracker = new OffsetTracker(start);
        const model = new NaiveTracker(start);
        for (const { act, by } of steps) {
          const offset = tracker.end() + by;
          if (act === 'take') expect(tracker.take(offset)).toBe(model.take(offset));
          else if (act === 'finish')
            [tracker, model].forEach((one) => {
              one.finish(offset);
            });
          else
            [tracker, model].forEach((one) => {
              one.skipTo(offset);
            });
          expect(stateOf(tracker)).toEqual(model.state());
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never lets the watermark pass an unfinished offset', () => {
    const tracker = new OffsetTracker(10);
    [10, 11, 15].forEach((offset) => tracker.take(offset));
    tracker.finish(11);
    tracker.finish(15);
    expect(tracker.watermark()).toBe(10);
    tracker.finish(10);
    expect(tracker.watermark()).toBe(16);
  });

  it('takes no offset twice, finished or not', () => {
    const tracker = new OffsetTracker(5);
    expect([5, 5, 4, 6].map((offset) => tracker.take(offset))).toEqual([true, false, false, true]);
    tracker.finish(5);
    expect(tracker.take(5)).toBe(false);
  });

  it('stays cheap with two hundred thousand offsets behind one that hangs', () => {
    const tracker = new OffsetTracker(0);
    for (let offset = 0; offset < 200_000; offset += 1) tracker.take(offset);
    const begun = performance.now();
    for (let offset = 199_999; offset > 0; offset -= 1) {
      tracker.finish(offset);
      if (tracker.distance() !== 200_000) throw new Error('the watermark moved');
    }
    tracker.finish(0);
    expect(tracker.watermark()).toBe(200_000);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
