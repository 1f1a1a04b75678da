import { Injectable } from '@nestjs/common';
import { DeadLetterRecords } from '../commands/ports.js';
import type { DeadLetter } from '../commands/ports.js';
import { Database } from './database.js';
import { recordDeadLetterStatement } from './statements/others.js';

/** Of a larger value the row keeps the first mebibyte. */
const mostBytes = 1024 * 1024;

/** Dead letters in Postgres. */
@Injectable()
export class PostgresDeadLetterRecords extends DeadLetterRecords {
  constructor(private readonly database: Database) {
    super();
  }

  async record(letter: DeadLetter): Promise<void> {
    const { topic, partition, offset, seenAt, reason, detail, key, value, headers } = letter;
    const pairs = headers.map((header) => ({ key: header.key, value: header.value.toString('base64') }));
    await this.database.run(recordDeadLetterStatement, [
      topic,
      partition,
      offset,
      seenAt,
      reason,
      detail,
      key,
      value?.subarray(0, mostBytes) ?? null,
      value?.length ?? null,
      JSON.stringify(pairs),
    ]);
  }
}
