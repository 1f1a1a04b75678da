import type { Batch, Consumer, EachBatchPayload } from 'kafkajs';
import type { Clock } from '../commands/ports.js';
import type { BatchIntake, BatchSource } from './batch.intake.js';
import { waitAtMost } from './wait-at-most.js';

/** kafkajs' types leave out what tells whether records are missing between two batches. */
type BatchWithStart = Batch & { readonly fetchedOffset: string };

/** A disconnect that takes longer is left to itself. */
const closePatienceMs = 5_000;

/** One member of the consumer group, from joining to its end. It never restarts itself: it ends, and says why. */
export class SeatRequestConsumer implements BatchSource {
  /** Resolves with the reason once nothing comes any more. */
  readonly ended: Promise<Error>;
  /** Null until the group is joined and the assignment known. */
  assigned: readonly number[] | null = null;
  /** The last fetch, heartbeat or join, or the beginning; on the monotonic clock. */
  lastProgress: number;
  private end: (reason: Error) => void = () => undefined;
  private over = false;
  private committing: Promise<void> | null = null;

  constructor(
    private readonly consumer: Consumer,
    private readonly topic: string,
    private readonly intake: BatchIntake,
    private readonly clock: Clock,
    private readonly onProgress: (now: number) => void,
  ) {
    this.lastProgress = clock.monotonic();
    this.ended = new Promise((resolve) => {
      this.end = (reason) => {
        this.over = true;
        resolve(reason);
      };
    });
    this.listen();
  }

  /** Joins the group and begins to fetch; what goes wrong shows in `ended`. */
  async start(): Promise<void> {
    try {
      await this.consumer.connect();
      // Without `fromBeginning` an offset out of range jumps to the latest one.
      await this.consumer.subscribe({ topics: [this.topic], fromBeginning: true });
      if (!this.over) await this.run();
      // A successor stands already: `close` had no effect while this one was still connecting or joining.
      if (this.over) await this.consumer.disconnect();
    } catch (error) {
      this.end(asError(error));
    }
  }

  private run(): Promise<void> {
    return this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => {
        this.handle(payload);
        return Promise.resolve();
      },
    });
  }

  pause(partitions: readonly number[]): void {
    this.ifAlive(() => {
      this.consumer.pause([{ topic: this.topic, partitions: [...partitions] }]);
    });
  }

  resume(partitions: readonly number[]): void {
    this.ifAlive(() => {
      this.consumer.resume([{ topic: this.topic, partitions: [...partitions] }]);
    });
  }

  rebuild(reason: string): void {
    this.end(new Error(reason));
  }

  /** Commits what is finished; one commit at a time. A failed one is made good by the next. */
  commit(): Promise<void> {
    this.committing ??= this.commitDue().finally(() => {
      this.committing = null;
    });
    return this.committing;
  }

  /** Leaves the group. */
  async close(): Promise<void> {
    this.over = true;
    await waitAtMost(closePatienceMs, this.consumer.disconnect(), this.clock);
  }

  /** kafkajs throws from the moment it begins to end, a while before it tells; the next consumer sets its pauses anew. */
  private ifAlive(act: () => void): void {
    try {
      if (!this.over) act();
    } catch {
      // It is ending.
    }
  }

  private async commitDue(): Promise<void> {
    const offsets = this.assigned === null || this.over ? [] : this.intake.due();
    if (offsets.length === 0) return;
    try {
      await this.consumer.commitOffsets(
        offsets.map(({ partition, offset }) => ({ topic: this.topic, partition, offset: String(offset) })),
      );
    } catch {
      // A rebalance came between, or the coordinator moves. kafkajs told it in the log.
    }
  }

  /** Never throws: kafkajs would end for good on some errors and repeat the same batch for ever on others. */
  private handle(payload: EachBatchPayload): void {
    if (this.over || payload.isStale()) return;
    const { batch } = payload;
    try {
      this.intake.take({
        topic: batch.topic,
        partition: batch.partition,
        fetchedOffset: Number((batch as BatchWithStart).fetchedOffset),
        lastOffset: Number(batch.lastOffset()),
        messages: batch.messages,
        resolve: (offset) => {
          payload.resolveOffset(offset);
        },
      });
    } catch (error) {
      this.end(asError(error));
    }
  }

  private listen(): void {
    const { events } = this.consumer;
    const progress = (): void => {
      this.lastProgress = this.clock.monotonic();
      this.onProgress(this.lastProgress);
    };
    this.consumer.on(events.FETCH, progress);
    this.consumer.on(events.HEARTBEAT, progress);
    this.consumer.on(events.GROUP_JOIN, ({ payload }) => {
      progress();
      this.joined(payload.memberAssignment[this.topic] ?? []);
    });
    // Too late to wait for, early enough to be accepted: the commit is sent before the join.
    this.consumer.on(events.REBALANCING, () => void this.commit());
    this.consumer.on(events.COMMIT_OFFSETS, ({ payload }) => {
      for (const { partitions } of payload.topics) {
        for (const { partition, offset } of partitions) this.intake.acknowledge(partition, Number(offset));
      }
    });
    this.consumer.on(events.START_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0 && !this.over)
        this.intake.pass(payload.partition, Number(payload.lastOffset));
    });
    this.consumer.on(events.CRASH, ({ payload }) => {
      this.end(payload.error);
    });
  }

  private joined(partitions: readonly number[]): void {
    if (this.over) return;
    const first = this.assigned === null;
    this.assigned = partitions;
    this.intake.assign(this, partitions, first);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
