import { setTimeout as wait } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import type { Kafka as Client, Producer } from 'kafkajs';
import type { Topics } from '../parts/topics.js';
import type { Message } from './message.js';
import { OutcomeTail } from './outcome-tail.js';

const pauseMs = 300;

/** The senders' side of the topics: messages go out until the broker has them, answers are ticked off. */
export class Post {
  sent = 0;
  answers = 0;
  /** Ids that were sent and not answered yet. */
  readonly awaited = new Set<string>();
  private readonly producer: Producer;
  private readonly tail: OutcomeTail;
  private isClosed = false;

  constructor(
    client: Client,
    private readonly topics: Topics,
  ) {
    // Java's way to choose a partition, which the contract asks of every producer.
    this.producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    this.tail = new OutcomeTail(client, topics.outcomes, (value) => {
      this.tickOff(value);
    });
  }

  async open(): Promise<void> {
    await this.producer.connect();
    this.tail.start();
  }

  /** Resolves once the broker holds all of them. What a crash left in doubt is sent again: the service must bear that. */
  async send(messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    for (const { awaits } of messages) if (awaits !== null) this.awaited.add(awaits);
    const record = { topic: this.topics.requests, messages: messages.map(toKafka), acks: -1 };
    while (!this.isClosed) {
      try {
        await this.producer.send(record);
        this.sent += messages.length;
        return;
      } catch {
        await wait(pauseMs);
      }
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.allSettled([this.producer.disconnect(), this.tail.stop()]);
  }

  private tickOff(value: Buffer): void {
    const id = requestIdOf(value);
    if (id !== null && this.awaited.delete(id)) this.answers += 1;
  }
}

function toKafka({ key, value, headers }: Message) {
  return { key, value, ...(headers && { headers: { ...headers } }) };
}

/** Without parsing the whole of it: the ids of a campaign need no escapes. */
function requestIdOf(value: Buffer): string | null {
  const opening = '"requestId":"';
  const at = value.indexOf(opening);
  if (at < 0) return null;
  const from = at + opening.length;
  return value.toString('utf8', from, value.indexOf('"', from));
}
