import { bar, bigNumber, fit, sparkline, thousands } from '../../../sandbox/demo/figures.js';

describe('figures', () => {
  it.each([
    ['Mia', 5, 'Mia  '],
    ['Mia', 3, 'Mia'],
    ['Valentina', 5, 'Vale…'],
    ['Mia', 0, ''],
  ])('fits %j into %d', (text, width, fitted) => {
    expect(fit(text, width)).toBe(fitted);
  });

  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1234567, '1,234,567'],
  ])('writes %d as %s', (value, text) => {
    expect(thousands(value)).toBe(text);
  });

  it.each([
    [100, '██████████'],
    [50, '█████'],
    [55, '█████▌'],
    [1, '▏'],
    [0, ''],
    [200, '██████████'],
  ])('draws %d of 100 in proportion, never nothing for something', (value, drawn) => {
    expect(bar(value, 100, 10)).toBe(drawn);
  });

  it('draws a line against the ceiling, blank for nothing and full only close to it', () => {
    expect(sparkline([0, 1, 25, 100, 174, 175, 200, 250], 200)).toBe(' ▁▂▅▇███');
  });

  it('draws large digits three columns wide and three lines high', () => {
    expect(bigNumber(1_023_456_789)).toEqual([
      ' ┓ ┏━┓╺━┓╺━┓╻ ╻┏━╸┏━╸╺━┓┏━┓┏━┓',
      ' ┃ ┃ ┃┏━┛ ━┫┗━┫┗━┓┣━┓  ┃┣━┫┗━┫',
      ' ┻ ┗━┛┗━╸╺━┛  ╹╺━┛┗━┛  ╹┗━┛╺━┛',
    ]);
  });
});
