import { Lead } from '../../src/postgres/lead.js';

/** The lead after these times, in milliseconds. */
function leadAfter(...times: number[]): number {
  const lead = new Lead();
  for (const ms of times) lead.note(ms);
  return lead.ms;
}

describe('the lead', () => {
  it('is 10 ms while nothing was measured', () => {
    expect(leadAfter()).toBe(10);
  });

  it('is a millisecond more than the slowest commits but for one in a hundred', () => {
    const times = Array.from({ length: 100 }, (_, n) => (n < 98 ? 4 : n === 98 ? 7 : 30));
    expect(leadAfter(...times)).toBe(8);
  });

  it('is at least 3 ms, and less than the look-ahead', () => {
    expect(leadAfter(0.5, 0.7)).toBe(3);
    expect(leadAfter(900, 2_000)).toBe(40);
  });

  it('forgets what is 128 commits old', () => {
    const slow = Array.from({ length: 128 }, () => 30);
    expect(leadAfter(...slow, ...Array.from({ length: 120 }, () => 5))).toBe(31);
    expect(leadAfter(...slow, ...Array.from({ length: 128 }, () => 5))).toBe(6);
  });
});
