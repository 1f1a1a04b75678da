import type { Settings } from '../config/settings.js';
import { dropPartitionStatement, forgetStatement, makePartitionStatement } from './statements/upkeep.js';
import type { Statement } from './database.js';

/** Something of the upkeep: the statement does one small piece of it, and is repeated until it has nothing left to do. */
export interface Task {
  readonly statement: Statement;
  readonly values: readonly number[];
}

/** Rows a statement: some 50 ms, so that nobody waits long behind its locks. */
const most = 5000;

/** No evidence predicts for longer than a minute; for a week it tells operators where a room was last seen. */
const factDays = 7;

/** The partitions of the coming days. */
export const makingPartitions: Task = { statement: makePartitionStatement, values: [] };

/** What goes, in this order: a partition goes only when no id is remembered any more that needs it. */
export function forgetting({ idRetentionDays, auditRetentionDays }: Settings['requests']): readonly Task[] {
  return [
    { statement: forgetStatement('ids'), values: [idRetentionDays, most] },
    { statement: dropPartitionStatement, values: [auditRetentionDays] },
    { statement: forgetStatement('strays'), values: [auditRetentionDays, most] },
    { statement: forgetStatement('facts'), values: [factDays, most] },
    { statement: forgetStatement('dead_letters'), values: [auditRetentionDays, most] },
  ];
}

/** A task as a person runs it, in psql. */
export function byHand({ statement, values }: Task): string {
  return statement.text.replace(/\$(\d)/g, (_, place: string) => String(values[Number(place) - 1]));
}
