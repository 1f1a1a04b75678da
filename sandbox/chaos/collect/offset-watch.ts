import { setTimeout as wait } from 'node:timers/promises';
import type { Kafka as Client } from 'kafkajs';
import type { History } from '../history.js';
import type { Topics } from '../parts/topics.js';

const everyMs = 1000;

/** Looks once a second at what the group has committed. */
export class OffsetWatch {
  readonly seen: NonNullable<History['commitsSeen']>[number][] = [];
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly client: Client,
    private readonly topics: Topics,
  ) {}

  start(): void {
    this.running = this.watch();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async watch(): Promise<void> {
    const admin = this.client.admin();
    const { signal } = this.stopping;
    while (await wait(everyMs, true, { signal }).catch(() => false)) {
      try {
        await admin.connect();
        const [topic] = await admin.fetchOffsets({
          groupId: this.topics.group,
          topics: [this.topics.requests],
        });
        this.note(topic?.partitions ?? []);
      } catch {
        // The broker is away: nothing is committed either.
      }
    }
    await admin.disconnect();
  }

  private note(partitions: readonly { readonly partition: number; readonly offset: string }[]): void {
    const at = performance.timeOrigin + performance.now();
    for (const { partition, offset } of partitions)
      if (Number(offset) > 0) this.seen.push({ at, partition, committed: Number(offset) });
  }
}
