import { setMaxListeners } from 'node:events';
import { Injectable } from '@nestjs/common';
import type { KafkaMessage } from 'kafkajs';
import { Clock } from '../commands/ports.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { toRecord } from './kafka.record.js';
import type { KafkaRecord } from './kafka.record.js';
import { PartitionIntake } from './partition.intake.js';
import { Reception } from './reception.js';

/** How soon a request is tried again that could not be settled for a reason that is none of its own. */
const tryAgainMs = { first: 1_000, most: 60_000 } as const;

/** A fetched batch, and the one thing to do about it. */
export interface FetchedBatch {
  readonly topic: string;
  readonly partition: number;
  /** Where the fetch began; records before it may be missing, none behind it. */
  readonly fetchedOffset: number;
  readonly lastOffset: number;
  readonly messages: readonly KafkaMessage[];
  /** Tells the consumer to go on behind this offset. */
  resolve(offset: string): void;
}

/** What can be told to the consumer that delivers the batches. */
export interface BatchSource {
  pause(partitions: readonly number[]): void;
  resume(partitions: readonly number[]): void;
  /** Records may be missing: everything is read again from the committed offsets by a new consumer. */
  rebuild(reason: string): void;
}

/** Takes batches in: hands every record on at once, and knows for each assigned partition what is finished. */
@Injectable()
export class BatchIntake {
  private partitions = new Map<number, PartitionIntake>();
  private source: BatchSource | null = null;
  private readonly stopping = new AbortController();
  private waiting = 0;

  constructor(
    private readonly reception: Reception,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {
    // Whoever waits to try again listens; thousands may.
    setMaxListeners(0, this.stopping.signal);
  }

  /**
   * A new assignment. Kept partitions keep what they hold, lost ones are forgotten: what is finished for them counts no
   * more. `first`: the consumer joined for the first time, so that no older fetch can be under way.
   */
  assign(source: BatchSource, partitions: readonly number[], first: boolean): void {
    const before = this.partitions;
    this.source = source;
    this.partitions = new Map(
      partitions.map((partition) => [
        partition,
        before.get(partition) ?? new PartitionIntake(partition, !first),
      ]),
    );
    for (const kept of this.partitions.values()) kept.rejoined(!first);
    for (const lost of before.keys()) if (!this.partitions.has(lost)) this.gauge(lost, 0, 0);
    this.settlePauses(source);
  }

  /** Hands on all that fits. Never throws because of content. Batches of partitions that are not assigned are dropped. */
  take(batch: FetchedBatch): void {
    const partition = this.partitions.get(batch.partition);
    if (partition === undefined || this.stopped || !this.begin(partition, batch)) return;
    const receivedAt = this.clock.now();
    let last: string | null = null;
    for (const message of batch.messages) {
      if (partition.isFull()) break;
      if (partition.take(Number(message.offset))) this.handOn(partition, batch.topic, message, receivedAt);
      last = message.offset;
    }
    if (last !== null) {
      const complete = last === batch.messages.at(-1)?.offset;
      // Behind the last record may lie control records, which are passed with it.
      partition.readUpTo((complete ? batch.lastOffset : Number(last)) + 1);
      batch.resolve(last);
    }
    if (partition.isFull()) this.pause(partition);
  }

  /** Records that no handler gets to see (control records, aborted transactions) were passed. */
  pass(partition: number, lastOffset: number): void {
    this.partitions.get(partition)?.readUpTo(lastOffset + 1);
  }

  /** What is to be committed now. */
  due(): { partition: number; offset: number }[] {
    return [...this.partitions.values()].flatMap((partition) => {
      const offset = partition.due();
      return offset === null ? [] : [{ partition: partition.partition, offset }];
    });
  }

  /** The broker holds this commit. */
  acknowledge(partition: number, offset: number): void {
    this.partitions.get(partition)?.acknowledge(offset);
  }

  /** Takes no more; what is held goes on. */
  stop(): void {
    this.stopping.abort();
    this.source?.pause([...this.partitions.keys()]);
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Records handed on of which nothing was heard yet, those of lost partitions included. */
  underWay(): number {
    return this.waiting;
  }

  /** Brings the gauges up to date. */
  measure(): void {
    for (const held of this.partitions.values())
      this.gauge(held.partition, held.unsettled(), held.distance());
  }

  private begin(partition: PartitionIntake, batch: FetchedBatch): boolean {
    switch (partition.begin(batch.fetchedOffset)) {
      case 'take':
        return true;
      case 'refetch':
        return false;
      case 'outdated': {
        const fresh = new PartitionIntake(batch.partition, false);
        this.partitions.set(batch.partition, fresh);
        return fresh.begin(batch.fetchedOffset) === 'take';
      }
      case 'broken':
        this.partitions.delete(batch.partition);
        this.source?.rebuild(
          `partition ${batch.partition} went on at offset ${batch.fetchedOffset}, not where it ended`,
        );
        return false;
    }
  }

  private handOn(partition: PartitionIntake, topic: string, message: KafkaMessage, receivedAt: number): void {
    const record = toRecord(topic, partition.partition, message);
    this.waiting += 1;
    void this.finish(partition, record, receivedAt).finally(() => {
      this.waiting -= 1;
    });
  }

  /** A failure is nobody's outcome: it is told and tried again for as long as the partition is ours. */
  private async finish(partition: PartitionIntake, record: KafkaRecord, receivedAt: number): Promise<void> {
    for (let wait: number = tryAgainMs.first; ; wait = Math.min(wait * 2, tryAgainMs.most)) {
      try {
        await this.reception.take(record, receivedAt);
        partition.finish(Number(record.offset));
        if (partition.paused && partition.hasRoomAgain()) this.resume(partition);
        return;
      } catch (error) {
        this.tellUnfinished(record, error);
      }
      const isOurs = (): boolean => this.partitions.get(partition.partition) === partition && !this.stopped;
      if (isOurs()) await this.clock.wait(wait, this.stopping.signal);
      if (!isOurs()) return;
    }
  }

  private tellUnfinished({ partition, offset }: KafkaRecord, error: unknown): void {
    const fields = {
      partition,
      offset,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
    if (this.stopped) this.log.debug(fields, 'left unfinished by the stop');
    else
      this.log.error(
        fields,
        'a request could not be settled: its offset stays uncommitted, and it is tried again; report this error',
      );
  }

  private pause(partition: PartitionIntake): void {
    if (partition.paused) return;
    partition.paused = true;
    this.source?.pause([partition.partition]);
    const fields = {
      partition: partition.partition,
      unsettled: partition.unsettled(),
      distance: partition.distance(),
    };
    this.log.info(fields, 'partition paused until requests are settled');
  }

  private resume(partition: PartitionIntake): void {
    partition.paused = false;
    if (!this.stopped && this.partitions.get(partition.partition) === partition)
      this.source?.resume([partition.partition]);
  }

  /** Consumers forget pauses when they are rebuilt, and keep those of partitions that were lost in between. */
  private settlePauses(source: BatchSource): void {
    const held = [...this.partitions.values()];
    const paused = held.filter(({ paused }) => paused || this.stopped);
    source.pause(paused.map(({ partition }) => partition));
    source.resume(held.filter((partition) => !paused.includes(partition)).map(({ partition }) => partition));
  }

  private gauge(partition: number, unsettled: number, distance: number): void {
    const labels = { partition: String(partition) };
    this.metrics.unsettled.set(labels, unsettled);
    this.metrics.watermarkDistance.set(labels, distance);
  }
}
