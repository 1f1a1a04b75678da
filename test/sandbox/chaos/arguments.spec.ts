import { resolve } from 'node:path';
import { readArguments } from '../../../sandbox/chaos/arguments.js';

describe('the arguments of a campaign', () => {
  it('are two minutes with three instances, unless told otherwise', () => {
    expect(readArguments([])).toEqual({
      minutes: 2,
      instances: 3,
      seed: 1,
      dist: null,
      broken: false,
      report: null,
      keep: null,
      quiet: false,
    });
  });

  it('name minutes, instances, seed and files', () => {
    const args =
      '--minutes 0.5 --instances 4 --seed 7 --dist other --report r.json --keep h --quiet --broken';
    expect(readArguments(args.split(' '))).toEqual({
      minutes: 0.5,
      instances: 4,
      seed: 7,
      dist: resolve('other'),
      broken: true,
      report: 'r.json',
      keep: 'h',
      quiet: true,
    });
  });

  it.each([
    [['--minutes', '0'], /--minutes 0: name a number above 0/],
    [['--minutes', ''], /--minutes/],
    [['--instances', '2.5'], /--instances 2\.5: name a number of 1 … 8/],
    [['--seed', '-1'], /--seed/],
    [['--fast'], /--fast/],
  ])('refuse %j in words', (args, words) => {
    expect(() => readArguments(args)).toThrow(words);
  });
});
