import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Consumer, Kafka as Client } from 'kafkajs';

/** A consumer that shows no sign of life for so long is replaced; a healthy one fetches several times a second. */
const silentMs = 5000;
const lookEveryMs = 1000;

/**
 * Follows a topic through every crash of the broker: kafkajs gives up on some errors and hangs on others, so one consumer
 * follows the other, each where the last one ended. A message may be told twice.
 */
export class OutcomeTail {
  private readonly next = new Map<number, number>();
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly client: Client,
    private readonly topic: string,
    private readonly tell: (value: Buffer) => void,
  ) {}

  start(): void {
    this.running = this.follow();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async follow(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      // A group of its own: nobody has to wait until the old member is given up.
      const consumer = this.client.consumer({
        groupId: `tail-${randomUUID()}`,
        maxWaitTimeInMs: 250,
        retry: { retries: 1, restartOnFailure: () => Promise.resolve(false) },
      });
      const ended = this.untilSilent(consumer);
      await Promise.race([this.run(consumer).then(() => ended), ended]).catch(() => undefined);
      void consumer.disconnect().catch(() => undefined);
    }
  }

  private async run(consumer: Consumer): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topic: this.topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: ({ batch }) => {
        for (const { value } of batch.messages) if (value !== null) this.tell(value);
        this.next.set(batch.partition, Number(batch.lastOffset()) + 1);
        return Promise.resolve();
      },
    });
    for (const [partition, offset] of this.next)
      consumer.seek({ topic: this.topic, partition, offset: String(offset) });
  }

  private async untilSilent(consumer: Consumer): Promise<void> {
    const gone = new AbortController();
    let seenAt = performance.now();
    const alive = (): void => {
      seenAt = performance.now();
    };
    consumer.on(consumer.events.FETCH, alive);
    consumer.on(consumer.events.GROUP_JOIN, alive);
    consumer.on(consumer.events.CRASH, () => {
      gone.abort();
    });
    const signal = AbortSignal.any([this.stopping.signal, gone.signal]);
    const silent = (): boolean => performance.now() - seenAt > silentMs;
    while (await wait(lookEveryMs, !silent(), { signal }).catch(() => false));
  }
}
