import { DeadLetterRecords } from '../../src/commands/ports.js';
import type { DeadLetter } from '../../src/commands/ports.js';

/** Rows in memory; refuses as often as it is told to. */
export class FakeDeadLetterRecords extends DeadLetterRecords {
  readonly letters: DeadLetter[] = [];
  refusals = 0;

  override record(letter: DeadLetter): Promise<void> {
    if (this.refusals > 0) {
      this.refusals -= 1;
      return Promise.reject(new Error('the database is away'));
    }
    this.letters.push(letter);
    return Promise.resolve();
  }
}
