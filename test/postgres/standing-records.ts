import { Database } from '../../src/postgres/database.js';
import { DatabaseClock } from '../../src/postgres/database-clock.js';
import { PostgresSeatRecords } from '../../src/postgres/postgres-seat-records.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { settingsWith } from '../config/environments.js';
import { RecordedLog } from '../kafka/recorded-log.js';

/** One instance's side of Postgres, on a database of the test's own. */
export class StandingRecords {
  readonly log = new RecordedLog();
  readonly metrics = new Metrics();
  readonly database: Database;
  readonly clock: DatabaseClock;
  readonly records: PostgresSeatRecords;

  private constructor(url: string) {
    const given = settingsWith({ DATABASE_URL: url });
    const settings = { ...given, mirror: { ...given.mirror, maxAgeMs: 60_000 } };
    this.database = new Database(settings, this.metrics, this.log);
    this.clock = new DatabaseClock(this.database, this.metrics);
    this.records = new PostgresSeatRecords(this.database, this.clock, settings, this.metrics, this.log);
  }

  static async start(url: string): Promise<StandingRecords> {
    const standing = new StandingRecords(url);
    await standing.clock.start();
    return standing;
  }

  async stop(): Promise<void> {
    this.clock.stop();
    await this.database.close();
  }

  /** Rows of a query of the test's own. */
  async rows<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.database.pool.query<Row>(text, values)).rows;
  }
}
