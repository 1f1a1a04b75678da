import { Injectable } from '@nestjs/common';
import { Clock } from '../commands/ports.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { KafkaConnection } from './kafka.connection.js';
import { partitionOf } from './murmur2.js';

/** Rooms remembered, so that each is told once and a producer that misroutes them all does not flood the log. */
const remembered = 1_000;
/** Topics grow: before anybody is blamed, the number of partitions is at most this old. */
const countAgeMs = 30_000;

/** Notices rooms in a partition where Java's default partitioner would not put them: their order may not hold. */
@Injectable()
export class MisroutedRooms {
  private readonly seen = new Set<string>();
  private partitions: number | null = null;
  private counting: Promise<void> = Promise.resolve();
  private countedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly kafka: KafkaConnection,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  /** Cheap for rooms in their place; never throws. */
  look(roomId: string, partition: number): void {
    if (this.isInPlace(roomId, partition) || this.seen.has(roomId) || this.seen.size >= remembered) return;
    if (this.clock.monotonic() - this.countedAt > countAgeMs) {
      this.countedAt = this.clock.monotonic();
      this.counting = this.count();
    }
    void this.counting.then(() => {
      if (this.partitions !== null && !this.isInPlace(roomId, partition)) this.tell(roomId, partition);
    });
  }

  private isInPlace(roomId: string, partition: number): boolean {
    return this.partitions !== null && partitionOf(Buffer.from(roomId), this.partitions) === partition;
  }

  private async count(): Promise<void> {
    try {
      this.partitions = await this.kafka.countPartitions();
    } catch (error) {
      this.log.debug({ error: String(error) }, 'the partitions of the request topic could not be counted');
    }
  }

  private tell(roomId: string, partition: number): void {
    if (this.seen.has(roomId) || this.seen.size >= remembered) return;
    this.seen.add(roomId);
    this.metrics.misroutedRooms.inc();
    this.log.warn(
      { roomId, partition },
      'room in an unexpected partition: order holds within one partition only; let producers partition by murmur2 of the roomId (librdkafka: partitioner=murmur2_random)',
    );
    if (this.seen.size === remembered) {
      this.log.warn({ rooms: remembered }, 'no further misrouted rooms are told until the next start');
    }
  }
}
