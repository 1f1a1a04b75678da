import { complaints } from '../../../sandbox/demo/complaints.js';

const line = (level: string, msg: string, error?: string): string => JSON.stringify({ level, msg, error });

describe("the service's complaints", () => {
  it('are none where it only warned', () => {
    expect(
      complaints([line('info', 'starting'), line('warn', 'message became a dead letter'), 'no JSON']),
    ).toEqual([]);
  });

  it('are counted, and each kind is told once, without the stack', () => {
    const error = line('error', 'a request could not be settled', 'Error: no room\n    at somewhere.js:1');
    expect(complaints([error, error, line('fatal', 'out of memory')])).toEqual([
      'The service logged 3 errors, among them:',
      '  a request could not be settled: Error: no room',
      '  out of memory',
    ]);
  });
});
