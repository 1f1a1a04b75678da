import { Metrics } from '../../src/telemetry/metrics.js';

/** Names of the metrics in an exposition. */
function names(exposition: string): string[] {
  return [...exposition.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? '');
}

describe('metrics', () => {
  it('are named usher_…, all of them, those of the process too', async () => {
    const found = names(await new Metrics().observeProcess().exposition());
    expect(found).toEqual(
      expect.arrayContaining([
        'usher_requests_taken_total',
        'usher_settle_seconds',
        'usher_process_cpu_seconds_total',
      ]),
    );
    expect(found.filter((name) => !name.startsWith('usher_'))).toEqual([]);
  });

  it('never name a room or a member', () => {
    const metrics = new Metrics();
    const own = Object.values(metrics).filter((value) => value !== null && typeof value === 'object');
    const labels = own.flatMap((metric: object) =>
      'labelNames' in metric ? (metric.labelNames as string[]) : [],
    );
    expect(new Set(labels)).toEqual(
      new Set(['type', 'reason', 'partition', 'status', 'command', 'class', 'decidedBy', 'statement']),
    );
  });

  it('show what was counted, by label', async () => {
    const metrics = new Metrics();
    metrics.requestsTaken.inc({ type: 'pick' }, 3);
    metrics.outcomesPublished.inc({ status: 'rejected', reason: 'seat-occupied' });
    metrics.unsettled.set({ partition: 4 }, 17);
    metrics.settleSeconds.observe({ decidedBy: 'mirror' }, 0.003);
    metrics.unconfirmed.inc();
    const text = await metrics.exposition();
    expect(text).toContain('usher_requests_taken_total{type="pick"} 3\n');
    expect(text).toContain('usher_outcomes_published_total{status="rejected",reason="seat-occupied"} 1\n');
    expect(text).toContain('usher_unsettled_requests{partition="4"} 17\n');
    expect(text).toContain('usher_settle_seconds_bucket{le="0.004",decidedBy="mirror"} 1\n');
    expect(text).toContain('usher_settle_seconds_bucket{le="0.002",decidedBy="mirror"} 0\n');
    expect(text).toContain('usher_unconfirmed_total 1\n');
  });

  it('of two instances in one process do not mix', async () => {
    const [one, other] = [new Metrics(), new Metrics()];
    one.readBacks.inc();
    expect(await other.exposition()).toContain('usher_read_backs_total 0\n');
  });
});
