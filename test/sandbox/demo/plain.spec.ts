import { plainEntry, plainStatus } from '../../../sandbox/demo/plain.js';
import { view } from './views.js';

describe('without a terminal', () => {
  it('every interesting thing is a line with its time', () => {
    expect(view.latest.map((entry) => plainEntry(entry, 1234))).toEqual([
      '   1.2 s ! unreadable message kept as a dead letter, not-json: The value is not JSON that can be relied on: it breaks off.',
      '   1.2 s ★ Aretha appears in late-night-jazz: 300 people rush for seat 1',
      '   1.2 s ✓ Iris.D → seat 1 of late-night-jazz: seated, Tencent was asked, 1 call',
      '   1.2 s ✗ Mia → seat 1 of late-night-jazz: refused, seat-occupied (held by Tom), decided by the mirror from an own call 0.4 s old, no call',
      '   1.2 s ~ Mia → seat 1 of late-night-jazz: expired, deadline-passed, no time was left, no call',
    ]);
  });

  it('the state of things is one line', () => {
    expect(plainStatus(view)).toBe(
      '  83.4 s = 12,300 of 12,345 requests answered · 3,456 calls made, 8,412 saved (71%) · worst sliding second 193/200 · request→outcome p50 17 ms, p99 2.1 s',
    );
  });
});
