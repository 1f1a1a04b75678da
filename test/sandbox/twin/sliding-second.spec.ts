import fc from 'fast-check';
import { SlidingSecond } from '../../../sandbox/twin/sliding-second.js';

/** Steps between arrivals, microseconds; whole parts of a second, so that arrivals fall exactly onto the edge. */
const steps = fc.array(
  fc.oneof(fc.constantFrom(0, 1, 250_000, 500_000, 999_999, 1_000_000), fc.nat(2_000_000)),
  {
    maxLength: 60,
  },
);

describe('the log of a sliding second', () => {
  it('counts an arrival exactly one second ago, and none older', () => {
    const log = new SlidingSecond();
    log.add(5);
    expect(log.add(1_000_005)).toBe(2);
    expect(log.add(1_000_006)).toBe(2);
  });

  it('agrees with a naive count, whatever arrives', () => {
    fc.assert(
      fc.property(steps, (gaps) => {
        const log = new SlidingSecond();
        const arrivals: number[] = [];
        let at = 0;
        for (const gap of gaps) {
          at += gap;
          arrivals.push(at);
          expect(log.add(at)).toBe(arrivals.filter((other) => at - other <= 1_000_000).length);
        }
      }),
    );
  });

  it('still agrees after old arrivals were cut off in blocks', () => {
    const log = new SlidingSecond();
    for (let n = 1; n <= 10_000; n++) expect(log.add(n * 1_000)).toBe(Math.min(n, 1_001));
  });
});
