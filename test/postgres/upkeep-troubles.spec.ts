import pg from 'pg';
import { UpkeepTroubles } from '../../src/postgres/upkeep-troubles.js';
import { RecordedLog } from '../kafka/recorded-log.js';

describe('the troubles of the upkeep', () => {
  let log: RecordedLog;
  let troubles: UpkeepTroubles;

  beforeEach(() => {
    log = new RecordedLog();
    troubles = new UpkeepTroubles(log);
  });

  const fail = (times: number, task = 'SELECT one', error = new Error('why')): void => {
    for (let time = 0; time < times; time += 1) troubles.failed(task, error);
  };

  it('warn for a day, then a person must act, and is told what to run', () => {
    fail(23);
    expect([log.count('warn'), log.count('error')]).toEqual([23, 0]);
    fail(1);
    expect(log.lines.at(-1)).toMatch(/^error: .*as the owner of the schema.*: SELECT one$/);
    expect(log.fields.at(-1)).toEqual({ task: 'SELECT one', failures: 24, error: 'Error: why' });
  });

  it('are counted task by task, and anew after each success', () => {
    fail(23);
    fail(23, 'SELECT two');
    troubles.over('SELECT one');
    fail(1);
    expect(log.count('error')).toBe(0);
    fail(1, 'SELECT two');
    expect(log.lines.at(-1)).toMatch(/SELECT two$/);
  });

  it('name the grant that is missing', () => {
    const refused = new pg.DatabaseError('permission denied for function', 0, 'error');
    refused.code = '42501';
    fail(24, 'SELECT one', refused);
    expect(log.lines.at(-1)).toMatch(/GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO/);
  });

  it('need a person after a day, too, where two clocks disagree, until they agree', () => {
    for (let hour = 0; hour < 23; hour += 1) troubles.clocksApart(7_200_000);
    troubles.clocksAgree();
    for (let hour = 0; hour < 24; hour += 1) troubles.clocksApart(7_200_000);
    expect(log.count('error')).toBe(1);
    expect(log.lines.at(-1)).toMatch(/Set the one that is wrong/);
    expect(log.fields.at(-1)?.['error']).toContain('120 minutes apart');
  });

  it('need a person at once when tomorrow has no partition', () => {
    troubles.missing([{ name: 'attempts_20260302', ahead: 1 }]);
    expect(log.lines).toEqual([expect.stringMatching(/^error: .*SELECT usher_make_partitions\(7\)/)]);
    expect(log.fields).toEqual([{ partitions: ['attempts_20260302'] }]);
  });

  it('can wait when a later day has none', () => {
    troubles.missing([{ name: 'attempts_20260303', ahead: 2 }]);
    troubles.missing([]);
    expect(log.lines).toEqual([expect.stringMatching(/^warn: /)]);
  });
});
