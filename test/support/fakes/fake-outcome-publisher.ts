import { OutcomePublisher } from '../../../src/commands/ports.js';
import type { OutcomeMessage } from '../../../src/commands/ports.js';
import { encodeOutcome } from '../../../src/kafka/outcome.message.js';
import type { Outcome } from '../../../src/seating/outcome.js';

/** Publishes into memory, in order; real bytes. */
export class FakeOutcomePublisher extends OutcomePublisher {
  readonly published: OutcomeMessage[] = [];
  /** While set, nothing is acknowledged; what waits is published in order once it is cleared by `release`. */
  private held: (() => void)[] | null = null;

  override encode(outcome: Outcome): OutcomeMessage {
    return encodeOutcome(outcome);
  }

  override publish(message: OutcomeMessage): Promise<void> {
    if (this.held === null) {
      this.published.push(message);
      return Promise.resolve();
    }
    const held = this.held;
    return new Promise((resolve) => {
      held.push(() => {
        this.published.push(message);
        resolve();
      });
    });
  }

  /** Acknowledges nothing until `release`. */
  hold(): void {
    this.held ??= [];
  }

  release(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const acknowledge of held) acknowledge();
  }

  /** The bodies published so far, parsed. */
  bodies(): Record<string, unknown>[] {
    return this.published.map(({ value }) => JSON.parse(value.toString()) as Record<string, unknown>);
  }
}
