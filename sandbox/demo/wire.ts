import kafkajs from 'kafkajs';
import type { Consumer, Producer } from 'kafkajs';
import { patchKafkajs } from '../../src/kafka/kafkajs.patch.js';
import type { Act } from './acts.js';
import type { Topics } from './parts.js';
import { readOutcome } from './seen-outcome.js';
import type { SeenOutcome } from './seen-outcome.js';

/** Told what arrives from the service. */
export interface Listener {
  outcome(outcome: SeenOutcome): void;
  deadLetter(reason: string, detail: string): void;
}

const { Kafka, Partitioners, logLevel } = kafkajs;

/** The demo as a backend sees Usher: requests go out on one topic, outcomes come in from another. */
export class Wire {
  private readonly kafka;
  private readonly producer: Producer;
  private readonly consumer: Consumer;

  constructor(
    brokers: string,
    private readonly topics: Topics,
    private readonly keepsRunning: boolean,
  ) {
    // Without it every connection costs a few percent of a core even while nothing happens.
    patchKafkajs();
    const options = { brokers: brokers.split(','), clientId: 'usher-demo', logLevel: logLevel.NOTHING };
    this.kafka = new Kafka(options);
    // Java's way to choose a partition, which the contract asks of every producer.
    this.producer = this.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    this.consumer = this.kafka.consumer({ groupId: `${topics.outcomes}.demo`, maxWaitTimeInMs: 200 });
  }

  connectProducer(): Promise<void> {
    return this.producer.connect();
  }

  /** From the first outcome on, even if they are sent before the consumer is in its group. */
  async listen(listener: Listener, onCrash: (error: Error) => void): Promise<void> {
    const { outcomes, deadLetters } = this.topics;
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [outcomes, deadLetters], fromBeginning: true });
    this.consumer.on('consumer.crash', ({ payload }) => {
      if (!payload.restart) onCrash(payload.error);
    });
    await this.consumer.run({
      eachBatch: ({ batch }) => {
        for (const { value, headers } of batch.messages) {
          if (batch.topic === outcomes && value !== null) listener.outcome(readOutcome(value));
          if (batch.topic === deadLetters)
            listener.deadLetter(text(headers?.['dl_reason']), text(headers?.['dl_detail']));
        }
        return Promise.resolve();
      },
    });
  }

  async send(asks: readonly (Act & { kind: 'ask' })[]): Promise<void> {
    if (asks.length === 0) return;
    const messages = asks.map(({ roomId, value }) => ({ key: roomId, value }));
    await this.producer.send({ topic: this.topics.requests, messages });
  }

  /** Leaves, and takes the topics away from a broker that keeps running. */
  async close(): Promise<void> {
    await Promise.all([this.producer.disconnect(), this.consumer.disconnect()]);
    if (!this.keepsRunning) return;
    const { requests, outcomes, deadLetters } = this.topics;
    const admin = this.kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [requests, outcomes, deadLetters] });
    await admin.disconnect();
  }
}

function text(header: unknown): string {
  return Buffer.isBuffer(header) ? header.toString() : '';
}
