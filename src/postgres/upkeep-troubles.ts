import pg from 'pg';
import type { Log } from '../telemetry/log.js';

/** Runs come once an hour: so many in a row are a day. */
const alarmAfter = 24;

const forgetting = 'forgetting';
const insufficientPrivilege = '42501';

/** What the upkeep tells of its failures: a warning while the next hour may mend it, an error once a person must. */
export class UpkeepTroubles {
  private readonly failures = new Map<string, number>();

  constructor(private readonly log: Log) {}

  /** A task went through. */
  over(task: string): void {
    this.failures.delete(task);
  }

  /** A task failed; `task` is what to run by hand. */
  failed(task: string, error: unknown): void {
    const isForbidden = error instanceof pg.DatabaseError && error.code === insufficientPrivilege;
    const cure = isForbidden
      ? 'As the owner of the schema: GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO the role of DATABASE_URL'
      : `Run it as the owner of the schema and see why: ${task}`;
    this.tell(task, { error: String(error) }, cure);
  }

  clocksAgree(): void {
    this.failures.delete(forgetting);
  }

  /** The database's clock and this machine's disagree, so that nobody knows what is old. */
  clocksApart(ms: number): void {
    const minutes = Math.round(ms / 60_000);
    const why = `the clocks of the database and of this machine are ${minutes} minutes apart`;
    this.tell(forgetting, { error: why }, 'Set the one that is wrong; nothing is forgotten until they agree');
  }

  /** The daily partitions that do not exist, `ahead` of today by so many days. */
  missing(partitions: readonly { readonly name: string; readonly ahead: number }[]): void {
    const fields = { partitions: partitions.map(({ name }) => name) };
    if (partitions.some(({ ahead }) => ahead === 1)) {
      this.log.error(
        fields,
        'tomorrow has no partition: its rows will lie in the default one, where they are slower to find and to forget. Run as the owner of the schema: SELECT usher_make_partitions(7). If that does not help, many rows of that day lie there already; this moves up to a million, and stops all writing meanwhile: SELECT usher_make_partition(7, 1000000)',
      );
    } else if (partitions.length > 0) {
      this.log.warn(fields, 'partitions of the coming days are missing; the next hour tries again');
    }
  }

  private tell(task: string, fields: Record<string, unknown>, cure: string): void {
    const failures = (this.failures.get(task) ?? 0) + 1;
    this.failures.set(task, failures);
    const told = { task, failures, ...fields };
    if (failures < alarmAfter)
      this.log.warn(told, 'a part of the upkeep failed; the next hour tries it again');
    else this.log.error(told, `a part of the upkeep has failed for a day. ${cure}`);
  }
}
