import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { AppSettings } from '../config/app-settings.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { Trouble } from './trouble.js';

/** A statement with a name, so that each connection parses and plans it once. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** The pool was closed while a statement waited to be repeated: the service stops. */
export class DatabaseClosed extends Error {
  constructor() {
    super('The database connection is closed: the service is stopping.');
  }
}

/** Longest wait between two tries while Postgres is away. */
const longestPauseMs = 2000;

/** How long connections may take to end in good order. */
const closePatienceMs = 1000;

/** Server-side limits, so that a statement ends there as well when we stop waiting for it. */
const limits = {
  statement_timeout: 15_000,
  lock_timeout: 2_000,
  idle_in_transaction_session_timeout: 15_000,
} as const;

/** How a statement is run. */
export interface RunOptions {
  /** Default: the pool that most statements share. */
  readonly pool?: pg.Pool;
  /** What to do when a row is locked by somebody else for too long: try again (the default), or reject, so that the batch can be split. */
  readonly obstructed?: 'repeat' | 'throw';
}

/**
 * Connections to Postgres. Every statement of the service is one transaction of its own and safe to repeat (keys and
 * nonces tell a repetition), so whatever failed for reasons of the connection, a lock or a deadlock is repeated until it
 * went through or the service stops.
 */
@Injectable()
export class Database {
  private readonly pools: pg.Pool[] = [];
  private readonly shared: pg.Pool;
  private closing = false;

  constructor(
    private readonly settings: AppSettings,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {
    this.shared = this.open(8, 'usher');
  }

  /** The pool that reading and administration share. */
  get pool(): pg.Pool {
    return this.shared;
  }

  /** A connection that nobody else waits for. */
  dedicated(name: string): pg.Pool {
    return this.open(1, `usher ${name}`);
  }

  /** Runs the statement, again and again where that can help. Rejects with what Postgres says about its content. */
  async run<Row extends pg.QueryResultRow>(
    statement: Statement,
    values: unknown[],
    { pool = this.shared, obstructed = 'repeat' }: RunOptions = {},
  ): Promise<Row[]> {
    const trouble = new Trouble(statement.name, this.log, performance.now());
    for (;;) {
      if (this.closing) throw new DatabaseClosed();
      try {
        return await this.once<Row>(statement, values, pool);
      } catch (error) {
        if (!isPassing(error)) throw error;
        trouble.tell(messageOf(error), isAborted(error), performance.now());
        if (obstructed === 'throw' && isObstructed(error)) throw error;
        await sleep(Math.min(longestPauseMs, 20 * 2 ** Math.min(trouble.tries, 10)));
      }
    }
  }

  /** Runs the statement once. For probes, whose value is their time. */
  async once<Row extends pg.QueryResultRow>(
    statement: Statement,
    values: unknown[],
    pool = this.shared,
  ): Promise<Row[]> {
    const done = this.metrics.statementSeconds.startTimer({ statement: statement.name });
    try {
      const { rows } = await pool.query<Row>({ ...statement, values });
      return rows;
    } finally {
      done();
    }
  }

  async close(): Promise<void> {
    this.closing = true;
    // A connection whose peer has gone never ends by itself.
    const patience = sleep(closePatienceMs, undefined, { ref: false });
    await Promise.race([Promise.all(this.pools.map((pool) => pool.end())), patience]);
  }

  private open(max: number, name: string): pg.Pool {
    const connectionString = this.settings.database.url;
    const pool = new pg.Pool({
      connectionString,
      max,
      application_name: name,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      connectionTimeoutMillis: 5000,
      // Longer than the server's own limits: only a peer that has silently gone takes so long.
      query_timeout: 20_000,
      ...limits,
    });
    // Without a handler, an idle connection that breaks would end the process.
    pool.on('error', (error) => {
      this.log.warn({ error: messageOf(error) }, 'a connection to Postgres broke while idle');
    });
    this.pools.push(pool);
    return pool;
  }
}

/**
 * Aborts for reasons outside the statement: serialization and deadlock, lock and statement timeouts, shutdown, resources,
 * a server that is still a standby.
 */
const passingStates = /^(08|25006|40|53|55P03|57014|57P0|58|XX)/;

/** Whether the same statement may go through when it is tried again. */
export function isPassing(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return passingStates.test(error.code ?? '');
  if (typeof error !== 'object' || error === null) return false;
  // Any other code is the socket's (ECONNRESET, EPIPE, …); the driver's own words have none.
  if ('code' in error) return true;
  return 'message' in error && /terminated|timeout|closed|not queryable/i.test(String(error.message));
}

/** Deadlock and serialization: a definite abort, and nobody's fault. */
function isAborted(error: unknown): boolean {
  return hasState(error, '40P01') || hasState(error, '40001');
}

/** A row is locked by somebody else, or the statement as a whole takes too long: parts of the batch may fare better. */
export function isObstructed(error: unknown): boolean {
  return hasState(error, '55P03') || hasState(error, '57014');
}

/** Another row stands in the way. */
export function isUniqueViolation(error: unknown): boolean {
  return hasState(error, '23505');
}

/** Nothing was ever migrated here. */
export function isUndefinedTable(error: unknown): boolean {
  return hasState(error, '42P01');
}

function hasState(error: unknown, state: string): boolean {
  return error instanceof Error && 'code' in error && error.code === state;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
