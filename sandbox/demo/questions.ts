import pg from 'pg';
import { starRoom } from './cast.js';

/** A question to the audit trail, in words and in SQL. */
export interface Question {
  readonly words: string;
  readonly sql: string;
}

/** What an analyst might ask of the last minutes; the demo asks it for the viewer. */
export const questions: readonly Question[] = [
  {
    words: 'Why were requests refused, who decided it, and how many calls did it cost?',
    sql: `SELECT status, reason, decided_by, count(*) AS requests,
       sum(attempts) AS calls, round(avg(total_ms)) AS avg_ms
  FROM analytics.requests
 WHERE received_at >= now() - interval '1 hour'
 GROUP BY 1, 2, 3 ORDER BY requests DESC LIMIT 10`,
  },
  {
    words: `How many wanted the seat beside the star of ${starRoom}, and at what price?`,
    sql: `SELECT correlation_id AS rush, count(*) AS wanted, sum(attempts) AS calls,
       max(member_account) FILTER (WHERE status = 'done') AS got_it,
       round(max(total_ms)) AS slowest_ms
  FROM analytics.requests
 WHERE received_at >= now() - interval '1 hour'
   AND correlation_id LIKE 'rush-%'
 GROUP BY 1 ORDER BY 1 LIMIT 5`,
  },
];

/** Asks, and returns the answer as a table of text lines. */
export async function answer(databaseUrl: string, { sql }: Question): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, statement_timeout: 10_000 });
  await client.connect();
  try {
    const { fields, rows } = await client.query<(string | number | null)[]>({ text: sql, rowMode: 'array' });
    return drawTable(
      fields.map(({ name }) => name),
      rows,
    );
  } finally {
    await client.end();
  }
}

/** Column names and rows → lines; texts to the left, numbers to the right. */
export function drawTable(
  names: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string[] {
  const texts = rows.map((row) => row.map((value) => (value === null ? '–' : String(value))));
  const widths = names.map((name, i) => Math.max(name.length, ...texts.map((row) => (row[i] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (isNumber(cell) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(names), widths.map((width) => '─'.repeat(width)).join('  '), ...texts.map(line)];
}

function isNumber(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}
