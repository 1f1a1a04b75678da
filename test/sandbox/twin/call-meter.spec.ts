import { CallMeter } from '../../../sandbox/twin/call-meter.js';

const limit = { limitPerSecond: 2, limitScope: 'command', refusedCallsCount: true } as const;

function arrivals(
  meter: CallMeter,
  times: readonly number[],
  rule: Parameters<CallMeter['arrive']>[3],
): boolean[] {
  return times.map((at) => meter.arrive(1, 'a/pick', at, rule));
}

describe('the meter of calls', () => {
  it('refuses what passes the limit in a closed second', () => {
    expect(arrivals(new CallMeter(), [0, 10, 1_000_000, 1_000_010, 2_100_000], limit)).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  it('lets refused calls count, so that a stubborn caller stays refused', () => {
    const times = [0, 1, 400_000, 800_000, 1_200_000];
    expect(arrivals(new CallMeter(), times, limit)).toEqual([false, false, true, true, true]);
  });

  it('forgets refused calls when told so', () => {
    const times = [0, 1, 400_000, 800_000, 1_200_000];
    const lenient = { ...limit, refusedCallsCount: false };
    expect(arrivals(new CallMeter(), times, lenient)).toEqual([false, false, true, true, false]);
  });

  it('keeps commands apart, or counts an application as a whole', () => {
    const apart = new CallMeter();
    const together = new CallMeter();
    for (const command of ['a/pick', 'a/pick', 'a/kick']) {
      const over = together.arrive(1, command, 0, { ...limit, limitScope: 'application' });
      expect([apart.arrive(1, command, 0, limit), over]).toEqual([false, command === 'a/kick']);
    }
  });

  it('keeps applications apart', () => {
    const meter = new CallMeter();
    const over = [1, 1, 2, 2].map((app) =>
      meter.arrive(app, 'a/pick', 0, { ...limit, limitScope: 'application' }),
    );
    expect(over).toEqual([false, false, false, false]);
  });

  it('reports calls, refusals and the worst closed second, per command and in all', () => {
    const meter = new CallMeter();
    arrivals(meter, [0, 500_000, 1_000_000, 5_000_000], limit);
    meter.arrive(1, 'a/kick', 5_000_001, limit);
    const { overall, commands, applications } = meter.measured();
    expect(overall).toMatchObject({ calls: 5, refused: 1, worstSecond: { calls: 3 } });
    expect(applications).toMatchObject([{ sdkAppId: 1, calls: 5, refused: 1 }]);
    expect(commands).toMatchObject([
      { command: 'a/pick', calls: 4, refused: 1, worstSecond: { calls: 3 } },
      { command: 'a/kick', calls: 1, refused: 0, worstSecond: { calls: 1 } },
    ]);
  });

  it('counts calls of no known command in all, without a limit', () => {
    const meter = new CallMeter();
    const over = [0, 0, 0].map((at) => meter.arrive(null, null, at, limit));
    expect(over).toEqual([false, false, false]);
    expect(meter.measured().overall.calls).toBe(3);
  });
});
