import type { Violation } from '../../../../sandbox/chaos/history.js';
import { countsByPromise, violationLines } from '../../../../sandbox/chaos/tell/report.js';

const violation = (promise: string, requestId: string | null = 'id'): Violation => ({
  promise,
  what: 'it was lost',
  requestId,
  timeline: ['12:00 asked', '12:01 forgotten'],
});

describe('the report of a campaign', () => {
  it('tells each violation with what happened around it', () => {
    expect(violationLines([violation('P1'), violation('P3', null)])).toEqual([
      '',
      '✗ P1: it was lost (id)',
      '    12:00 asked',
      '    12:01 forgotten',
      '',
      '✗ P3: it was lost',
      '    12:00 asked',
      '    12:01 forgotten',
    ]);
  });

  it('tells twenty in full, and how many more there are', () => {
    const lines = violationLines(Array.from({ length: 23 }, () => violation('P1')));
    expect(lines.filter((line) => line.startsWith('✗'))).toHaveLength(20);
    expect(lines.at(-1)).toBe('… and 3 more');
  });

  it('counts them by promise', () => {
    expect(countsByPromise([violation('P6'), violation('P1'), violation('P6')])).toBe('P1: 1, P6: 2');
  });
});
