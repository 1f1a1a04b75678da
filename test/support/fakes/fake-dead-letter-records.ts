import { DeadLetterRecords } from '../../../src/commands/ports.js';
import type { DeadLetter } from '../../../src/commands/ports.js';

/** Dead letters in memory; the first under an identity stays. */
export class FakeDeadLetterRecords extends DeadLetterRecords {
  private readonly kept = new Map<string, DeadLetter>();

  get letters(): readonly DeadLetter[] {
    return [...this.kept.values()];
  }

  override record(letter: DeadLetter): Promise<void> {
    const name = `${letter.topic}/${letter.partition}/${letter.offset}`;
    if (!this.kept.has(name)) this.kept.set(name, letter);
    return Promise.resolve();
  }
}
