import pg from 'pg';
import type { Stage } from './stage.js';

/** Any number that nothing else locks. */
const lock = 7_070_707;

/** Which commits are held: those that write a row of this state. */
export type HeldState = 'claimed' | 'settled';

/**
 * Keeps backends inside their COMMIT: a deferred trigger runs there, and waits for a lock that the test has. What a backend
 * writes is durable only after `free`, however long ago its client was cut off.
 */
export class HeldCommits {
  private constructor(private readonly stage: Stage) {}

  /** Prepares the database; nothing is held yet. */
  static async in(stage: Stage): Promise<HeldCommits> {
    await stage.sql(`
      create table held_states (state text primary key);
      create function stand_in_commit() returns trigger language plpgsql as $$
      begin
        if exists (select from held_states where state = new.state) then
          perform pg_advisory_xact_lock_shared(${lock});
        end if;
        return null;
      end $$;
      create constraint trigger stands_in_commit after insert or update on seat_requests
        deferrable initially deferred for each row execute function stand_in_commit()`);
    return new HeldCommits(stage);
  }

  /** From now on such a commit stands still, while `work` is done; afterwards all go on. */
  async during(state: HeldState, work: () => Promise<void>): Promise<void> {
    const holder = new pg.Client({ connectionString: String(this.stage.settings['DATABASE_URL']) });
    await holder.connect();
    try {
      await holder.query('select pg_advisory_lock($1)', [lock]);
      await holder.query('insert into held_states values ($1)', [state]);
      await work();
    } finally {
      await holder.query('delete from held_states');
      await holder.end();
    }
  }

  /** Backends that stand in a commit now. */
  async standing(): Promise<number[]> {
    const rows = await this.stage.sql<{ pid: number }>(
      `select pid from pg_stat_activity
        where datname = current_database() and wait_event = 'advisory' order by pid`,
    );
    return rows.map(({ pid }) => pid);
  }

  /** Backends of the service that wait for a lock of another one. */
  async blocked(): Promise<number[]> {
    const rows = await this.stage.sql<{ pid: number }>(
      `select pid from pg_stat_activity
        where datname = current_database() and application_name like 'usher%' and wait_event_type = 'Lock'
          and wait_event <> 'advisory' order by pid`,
    );
    return rows.map(({ pid }) => pid);
  }
}
