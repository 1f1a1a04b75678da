import fc from 'fast-check';
import { SlidingSecond } from '../../src/tencent/sliding-second.js';

function naive(moments: readonly number[]): number {
  return Math.max(
    ...moments.map((from) => moments.filter((each) => each >= from && each - from <= 1000).length),
  );
}

describe('the worst sliding second', () => {
  it('counts both ends', () => {
    const second = new SlidingSecond();
    expect([0, 1000, 1001, 2000].map((moment) => second.note(moment))).toEqual([1, 2, 2, 3]);
  });

  it('is that of a plain count, in whatever order the calls are told', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 80 }), (moments) => {
        const second = new SlidingSecond();
        expect(moments.map((moment) => second.note(moment)).at(-1)).toBe(naive(moments));
      }),
    );
  });
});
