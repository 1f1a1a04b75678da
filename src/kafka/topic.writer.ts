import type { Message, Producer } from 'kafkajs';
import type { Clock } from '../commands/ports.js';
import type { Log } from '../telemetry/log.js';
import { Stopped } from '../commands/stopped.js';
import { waitAtMost } from './wait-at-most.js';

/** A message with its key, whose size is known. */
export interface OutgoingMessage extends Message {
  readonly key: Buffer | string | null;
  readonly value: Buffer | null;
}

interface Waiting {
  readonly message: OutgoingMessage;
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** One produce request: well below the 1 MiB that brokers accept by default. */
const batchLimit = { messages: 500, bytes: 524_288 };
const backOffMs = { first: 100, most: 5_000 };
const stopPatienceMs = 3_000;
/** After so many failures in a row the producer is made anew. */
const failuresPerProducer = 10;
/** A person is called after this long without a single acknowledgement. */
const alarmAfterMs = 60_000;

/**
 * Writes to one topic and knows it: a write resolves once all in-sync replicas hold the message. One batch is in flight,
 * whatever arrives meanwhile forms the next, so order is kept and load makes batches large. A failing batch is repeated
 * as a whole until it is acknowledged; only a message that is too large for the topic rejects.
 */
export class TopicWriter {
  private waiting: Waiting[] = [];
  private draining: Promise<void> | null = null;
  private producer: Producer | null = null;
  private failures = 0;
  private failingSince: number | null = null;
  private readonly stopping = new AbortController();

  constructor(
    private readonly makeProducer: () => Producer,
    private readonly topic: string,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Rejects with `Stopped` on a stop, and with an error of type `MESSAGE_TOO_LARGE` when the topic refuses the size. */
  write(message: OutgoingMessage, bytes: number): Promise<void> {
    if (this.stopping.signal.aborted) return Promise.reject(new Stopped(`Writing to ${this.topic}`));
    return new Promise((resolve, reject) => {
      this.waiting.push({ message, bytes, resolve, reject });
      this.draining ??= this.drain();
    });
  }

  /** Gives up what is not acknowledged, and disconnects. */
  async stop(): Promise<void> {
    this.stopping.abort();
    for (const { reject } of this.waiting.splice(0)) reject(new Stopped(`Writing to ${this.topic}`));
    // A broker that does not answer holds nobody up: what it may still acknowledge is published again after the restart.
    await waitAtMost(stopPatienceMs, this.draining ?? Promise.resolve(), this.clock);
    await this.disconnect();
  }

  private async drain(): Promise<void> {
    // What is written in the same turn belongs into the first batch.
    await Promise.resolve();
    while (this.waiting.length > 0) await this.deliver(this.nextBatch());
    this.draining = null;
  }

  private nextBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const next of this.waiting) {
      bytes += next.bytes;
      if (count > 0 && (count === batchLimit.messages || bytes > batchLimit.bytes)) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private async deliver(batch: readonly Waiting[]): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.send(batch);
        for (const { resolve } of batch) resolve();
        return;
      } catch (error) {
        if (isTooLarge(error)) {
          await this.isolate(batch, error);
          return;
        }
        await this.afterFailure(error);
      }
    }
    for (const { reject } of batch) reject(new Stopped(`Writing to ${this.topic}`));
  }

  private async send(batch: readonly Waiting[]): Promise<void> {
    this.producer ??= await this.connect();
    const messages = batch.map(({ message }) => message);
    await this.producer.sendBatch({ acks: -1, topicMessages: [{ topic: this.topic, messages }] });
    if (this.failingSince !== null) this.log.info({ topic: this.topic }, 'writing to Kafka works again');
    this.failures = 0;
    this.failingSince = null;
  }

  /** A producer that could not connect would refuse every send from then on, so it is not kept. */
  private async connect(): Promise<Producer> {
    const producer = this.makeProducer();
    try {
      await producer.connect();
      return producer;
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
  }

  /** One message too large must not fail its neighbours: halve the batch until it stands alone. */
  private async isolate(batch: readonly Waiting[], error: Error): Promise<void> {
    if (batch.length === 1) {
      batch[0]?.reject(error);
      return;
    }
    const half = batch.length >> 1;
    await this.deliver(batch.slice(0, half));
    await this.deliver(batch.slice(half));
  }

  private async afterFailure(error: unknown): Promise<void> {
    const now = this.clock.monotonic();
    this.failures += 1;
    this.failingSince ??= now;
    const fields = { topic: this.topic, failures: this.failures, error: String(error) };
    if (now - this.failingSince > alarmAfterMs) {
      this.log.error(
        fields,
        'nothing can be written to Kafka for a minute: requests are decided but not answered; check the brokers',
      );
      // The next alarm comes a minute later.
      this.failingSince = now;
    } else if (this.failures === 1) {
      this.log.warn(fields, 'writing to Kafka failed and is repeated');
    }
    if (this.failures % failuresPerProducer === 0) await this.disconnect();
    const wait = Math.min(backOffMs.first * 2 ** (this.failures - 1), backOffMs.most);
    await this.clock.wait(wait, this.stopping.signal);
  }

  private async disconnect(): Promise<void> {
    const producer = this.producer;
    this.producer = null;
    try {
      await producer?.disconnect();
    } catch (error) {
      this.log.debug({ topic: this.topic, error: String(error) }, 'a producer could not be disconnected');
    }
  }
}

/** True for the broker's refusal of a message, or a batch, that is larger than the topic allows. */
export function isTooLarge(error: unknown): error is Error {
  return (
    error instanceof Error &&
    ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'].includes((error as { type?: string }).type ?? '')
  );
}
