import type { Producer, ProducerBatch, ProducerConfig } from 'kafkajs';
import kafkajs from 'kafkajs';
import type { OutgoingMessage } from '../../src/kafka/topic.writer.js';

/** A producer in memory: keeps the batches it acknowledged and fails where it is told to. */
export class FakeProducer {
  readonly batches: OutgoingMessage[][] = [];
  attempts = 0;
  connects = 0;
  disconnects = 0;
  /** How many of the next sends fail. */
  failures = 0;
  /** Values longer than this are refused. */
  largest = Number.POSITIVE_INFINITY;
  /** Holds back acknowledgements until it resolves. */
  gate: Promise<void> = Promise.resolve();
  inFlight = 0;
  mostInFlight = 0;

  /** As the writer wants it: everything but connecting, sending and disconnecting is kafkajs' own, never connected. */
  make(config: ProducerConfig = {}): Producer {
    const real = new kafkajs.Kafka({ brokers: ['127.0.0.1:1'], logLevel: kafkajs.logLevel.NOTHING }).producer(
      {
        createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
        ...config,
      },
    );
    return {
      ...real,
      connect: () => {
        this.connects += 1;
        return Promise.resolve();
      },
      disconnect: () => {
        this.disconnects += 1;
        return Promise.resolve();
      },
      sendBatch: (batch) => this.send(batch),
    };
  }

  private async send({ topicMessages = [] }: ProducerBatch): Promise<[]> {
    this.attempts += 1;
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    await this.gate;
    this.inFlight -= 1;
    const messages = topicMessages.flatMap((topic) => topic.messages) as OutgoingMessage[];
    if (messages.some(({ value }) => (value?.length ?? 0) > this.largest)) {
      throw Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE' });
    }
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('the broker is away');
    }
    this.batches.push(messages);
    return [];
  }
}
