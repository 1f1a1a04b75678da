import { epochMs } from './clock.js';
import { SlidingSecond } from './sliding-second.js';

/** What is measured of a stream of calls since the start or the last reset. */
export interface Measured {
  readonly calls: number;
  /** Answered 60007 because the limit was passed; scripted refusals are not in it. */
  readonly refused: number;
  /** The fullest closed sliding second ever seen: how many calls, and when it ended (epoch milliseconds). */
  readonly worstSecond: { readonly calls: number; readonly endedAt: number | null };
}

/** Where the limit lies, as far as the meter needs to know. */
export interface Limit {
  readonly limitPerSecond: number;
  readonly limitScope: 'command' | 'application';
  readonly refusedCallsCount: boolean;
}

class Meter {
  calls = 0;
  refused = 0;
  worst = 0;
  worstEndedAt: number | null = null;
  private readonly all = new SlidingSecond();
  private readonly admitted = new SlidingSecond();

  arrive(at: number): number {
    const calls = this.all.add(at);
    this.calls++;
    if (calls > this.worst) {
      this.worst = calls;
      this.worstEndedAt = epochMs();
    }
    return calls;
  }

  /** Whether the call that has just arrived passes the limit; if not, it is noted as admitted. */
  passes(at: number, limit: Limit): boolean {
    const calls = limit.refusedCallsCount ? this.all.count(at) : this.admitted.count(at) + 1;
    if (calls > limit.limitPerSecond) return true;
    this.admitted.add(at);
    return false;
  }

  measured(): Measured {
    const { calls, refused, worst, worstEndedAt } = this;
    return { calls, refused, worstSecond: { calls: worst, endedAt: worstEndedAt } };
  }
}

/** Counts every arrival, per command, per application and in all, and says which ones pass the limit. */
export class CallMeter {
  private readonly overall = new Meter();
  private readonly applications = new Map<number, Meter>();
  private readonly commands = new Map<string, { sdkAppId: number; command: string; meter: Meter }>();

  /** Notes an arrival at `at` (microseconds). True: it is over the limit and must not be executed. */
  arrive(sdkAppId: number | null, command: string | null, at: number, limit: Limit): boolean {
    const touched = [this.overall];
    if (sdkAppId !== null) touched.push(this.application(sdkAppId));
    if (sdkAppId !== null && command !== null) touched.push(this.command(sdkAppId, command));
    for (const meter of touched) meter.arrive(at);
    const budget = touched[limit.limitScope === 'command' ? 2 : 1];
    if (budget === undefined || !budget.passes(at, limit)) return false;
    for (const meter of touched) meter.refused++;
    return true;
  }

  /** Everything measured so far. */
  measured(): {
    overall: Measured;
    applications: ({ sdkAppId: number } & Measured)[];
    commands: ({ sdkAppId: number; command: string } & Measured)[];
  } {
    return {
      overall: this.overall.measured(),
      applications: [...this.applications].map(([sdkAppId, meter]) => ({ sdkAppId, ...meter.measured() })),
      commands: [...this.commands.values()].map(({ sdkAppId, command, meter }) => ({
        sdkAppId,
        command,
        ...meter.measured(),
      })),
    };
  }

  private application(sdkAppId: number): Meter {
    const meter = this.applications.get(sdkAppId) ?? new Meter();
    this.applications.set(sdkAppId, meter);
    return meter;
  }

  private command(sdkAppId: number, command: string): Meter {
    const key = `${sdkAppId}/${command}`;
    const entry = this.commands.get(key) ?? { sdkAppId, command, meter: new Meter() };
    this.commands.set(key, entry);
    return entry.meter;
  }
}
