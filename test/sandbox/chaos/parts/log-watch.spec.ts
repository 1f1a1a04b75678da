import { LogWatch } from '../../../../sandbox/chaos/parts/log-watch.js';

describe('the watch over the logs', () => {
  it('keeps lines of the level ERROR and counts them', () => {
    const watch = new LogWatch(['s3cret']);
    watch.line(1, '{"level":40,"msg":"trying again"}');
    watch.line(2, '{"level":50,"msg":"a person must act"}');
    watch.line(3, '{"level":"error","msg":"a person must act"}');
    expect(watch.errorCount).toBe(2);
    expect(watch.errors.map(({ instance }) => instance)).toEqual([2, 3]);
    expect(watch.leaks).toEqual([]);
  });

  it('notices a secret on any line, and does not show it either', () => {
    const watch = new LogWatch(['s3cret']);
    watch.line(1, '{"level":30,"msg":"key=s3cret"}');
    expect(watch.leaks).toEqual([{ instance: 1, line: '{"level":30,"msg":"key=***"}' }]);
  });
});
