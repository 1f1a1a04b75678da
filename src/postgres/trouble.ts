import type { Log } from '../telemetry/log.js';

/** From here on somebody must look, and again whenever so much more time has passed. */
const alarmAfterMs = 60_000;

/** One statement that Postgres does not take, and what is told of it: every try, and an alarm once it lasts. */
export class Trouble {
  tries = 0;
  private alarmedAt: number;

  /** `since`: monotonic milliseconds. */
  constructor(
    private readonly statement: string,
    private readonly log: Log,
    private readonly since: number,
  ) {
    this.alarmedAt = since;
  }

  /** A try has failed. `expected`: two transactions met and one had to give way, which is nobody's fault. */
  tell(error: string, expected: boolean, now: number): void {
    this.tries += 1;
    const { statement, tries } = this;
    const fields = { statement, tries, error };
    if (now - this.alarmedAt >= alarmAfterMs) {
      this.alarmedAt = now;
      this.log.error(
        { ...fields, seconds: Math.round((now - this.since) / 1000) },
        'Postgres has not taken a statement for a minute or longer, it is repeated meanwhile: see that it runs, and that nobody keeps rows locked (pg_stat_activity, pg_locks)',
      );
    } else if (expected) this.log.debug(fields, 'two transactions met; trying again');
    else this.log.warn(fields, 'Postgres did not take a statement; trying again');
  }
}
