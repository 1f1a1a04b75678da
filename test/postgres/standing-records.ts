import type { Settings } from '../../src/config/settings.js';
import { Claims } from '../../src/postgres/claims.js';
import { ClockSteps } from '../../src/postgres/clock-steps.js';
import { Database } from '../../src/postgres/database.js';
import { DatabaseClock } from '../../src/postgres/database-clock.js';
import { PostgresSeatRecords } from '../../src/postgres/postgres-seat-records.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { settingsWith } from '../config/environments.js';
import type { AttemptRow } from '../support/fakes/fake-attempts.js';
import { RecordedLog } from '../kafka/recorded-log.js';
import { allPlaces } from '../support/fakes/all-places.js';

/** What one instance needs of the rest. */
export interface Parts {
  readonly settings: Settings;
  readonly metrics: Metrics;
  readonly log: RecordedLog;
}

/** Parts for a database; evidence predicts for a minute. */
export function partsFor(url: string): Parts {
  const given = settingsWith({ DATABASE_URL: url });
  const settings = { ...given, mirror: { ...given.mirror, maxAgeMs: 60_000 } };
  return { settings, metrics: new Metrics(), log: new RecordedLog() };
}

/** The database, opened as the service does. */
export function openDatabase({ settings, metrics, log }: Parts): Database {
  return new Database(settings, metrics, log);
}

/** One instance's side of Postgres, on a database of the test's own. */
export class StandingRecords<D extends Database = Database> {
  readonly clock: DatabaseClock;
  readonly records: PostgresSeatRecords;

  private constructor(
    readonly database: D,
    readonly parts: Parts,
  ) {
    const { settings, metrics, log } = parts;
    this.clock = new DatabaseClock(database, metrics);
    const claims = new Claims(database, this.clock, settings, allPlaces);
    this.records = new PostgresSeatRecords(database, claims, settings, metrics, log);
    new ClockSteps(database, this.clock, settings, log);
  }

  static start(url: string): Promise<StandingRecords> {
    const parts = partsFor(url);
    return StandingRecords.over(openDatabase(parts), parts);
  }

  static async over<D extends Database>(database: D, parts: Parts): Promise<StandingRecords<D>> {
    const standing = new StandingRecords(database, parts);
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

  /** All calls and reads, in the order of their slots. */
  attempts(): Promise<AttemptRow[]> {
    return this.rows<AttemptRow>(
      `SELECT nonce, purpose, room_id AS "roomId", request_id AS "requestId", attempt,
              extract(epoch FROM slot_at)::float8 * 1000 AS "slotAt", class, code
         FROM attempts ORDER BY slot_at`,
    );
  }

  /** Times that a statement went out in batches. */
  async batches(statement: string): Promise<number> {
    const exposed = await this.parts.metrics.exposition();
    const line = new RegExp(`usher_statement_rows_count\\{statement="${statement}"\\} (\\d+)`).exec(exposed);
    return Number(line?.[1] ?? 0);
  }
}
