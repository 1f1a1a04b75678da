import { sparkline } from '../../../../sandbox/chaos/tell/progress.js';

describe('the picture of a rate', () => {
  it('rises with the numbers, the highest one full', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([50, 100])).toBe('▅█');
  });

  it('lies low where nothing happens', () => {
    expect(sparkline([0, 0, 0])).toBe('▁▁▁');
  });
});
