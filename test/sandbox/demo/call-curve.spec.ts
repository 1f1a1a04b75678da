import { CallCurve } from '../../../sandbox/demo/call-curve.js';

describe('calls by second', () => {
  it('counts full seconds, the oldest first, and leaves out the one that is running', () => {
    const curve = new CallCurve();
    for (const at of [1000, 1999, 2000, 4000, 5000]) curve.add(at);
    expect(curve.last(4, 5500)).toEqual([2, 1, 0, 1]);
  });

  it('forgets what no terminal can show', () => {
    const curve = new CallCurve();
    curve.add(1000);
    curve.last(1, 400_000);
    expect(curve.last(1, 2000)).toEqual([0]);
  });
});
