import { readArguments } from '../../../sandbox/demo/arguments.js';

describe('the arguments', () => {
  it('are none: until Ctrl-C, with the first seed', () => {
    expect(readArguments([])).toEqual({ forMs: null, seed: 1 });
  });

  it('name seconds of traffic and a seed', () => {
    expect(readArguments(['--for', '20', '--seed', '7'])).toEqual({ forMs: 20_000, seed: 7 });
  });

  it.each([
    [['--for', 'ever'], /--for ever: name a number of seconds/],
    [['--for', '0'], /--for 0: name a number of seconds/],
    [['--seed', '1.5'], /--seed 1\.5: name a whole number/],
    [['--fast'], /--fast/],
  ])('refuse %j in words', (args, words) => {
    expect(() => readArguments(args)).toThrow(words);
  });
});
