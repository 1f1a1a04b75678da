import type { StandingRecords } from './standing-records.js';

/** Sets the database's clock so far ahead of this machine's. */
export async function daysPass(standing: StandingRecords, days: number, ms = 0): Promise<void> {
  await standing.rows(
    `CREATE OR REPLACE FUNCTION usher_now() RETURNS timestamptz LANGUAGE sql VOLATILE
       AS 'SELECT clock_timestamp() + interval ''${days} days ${ms} milliseconds'''`,
  );
}

/** A moment so many days from now. */
export const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000);

/** The partition of a day (UTC), counted from today. */
export const partitionOf = (parent: string, days = 0): string =>
  `${parent}_${inDays(days).toISOString().slice(0, 10).replaceAll('-', '')}`;
