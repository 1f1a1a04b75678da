import { Trouble } from '../../src/postgres/trouble.js';
import { RecordedLog } from '../kafka/recorded-log.js';

describe('a statement that Postgres does not take', () => {
  const told = (tries: readonly [at: number, expected: boolean][]): string[] => {
    const log = new RecordedLog();
    const trouble = new Trouble('record', log, 1_000);
    for (const [at, expected] of tries) trouble.tell('no', expected, at);
    return log.lines.map((line) => line.slice(0, line.indexOf(':')));
  };

  it('is a warning every time', () => {
    expect(
      told([
        [1_020, false],
        [60_999, false],
      ]),
    ).toEqual(['warn', 'warn']);
  });

  it('is nothing to speak of where two transactions met', () => {
    expect(told([[1_020, true]])).toEqual(['debug']);
  });

  it('is an alarm after a minute, once a minute', () => {
    expect(
      told([
        [61_000, true],
        [63_000, false],
        [120_999, false],
        [121_000, false],
      ]),
    ).toEqual(['error', 'warn', 'warn', 'error']);
  });
});
