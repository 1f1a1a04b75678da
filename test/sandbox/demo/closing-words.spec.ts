import { summary } from '../../../sandbox/demo/closing-words.js';
import { view } from './views.js';

describe('the closing words', () => {
  it('tell what the run came to, in 80 columns', () => {
    const lines = summary(view);
    expect(lines).toEqual([
      '12,345 requests in 83 s; 45 of them were still open at the end',
      '  ✗ rejected     seat-occupied         7,402',
      '  ✓ done                               2,210',
      '  ✗ rejected     already-seated          930',
      '  ✗ rejected     seat-locked             611',
      '  ✗ rejected     not-a-member            588',
      '  ~ expired      deadline-passed           3',
      '  sent twice, answered alike: 210 · unreadable, kept as dead letters: 24',
      'Calls to Tencent: 3,456 made, 8,412 saved by the mirror (71%)',
      'Fullest sliding second at the twin: 193 of 200 calls, 0 over the limit',
      'In the last ten seconds: request→outcome p50 17 ms, p99 2.1 s',
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('say so where every request was answered, and what the run does not prove', () => {
    const numbers = { ...view.numbers, open: 0 };
    const lines = summary({ ...view, numbers, caveat: 'proves nothing about durability' });
    expect(lines[0]).toBe('12,345 requests in 83 s; each of them got exactly one outcome');
    expect(lines.at(-1)).toBe('Note: proves nothing about durability');
  });
});
