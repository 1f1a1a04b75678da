import { Injectable } from '@nestjs/common';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { partitionOf } from './murmur2.js';

/** Rooms remembered, so that each is told once and a producer that misroutes them all does not flood the log. */
const remembered = 1_000;

/** Notices rooms in a partition where Java's default partitioner would not put them: their order may not hold. */
@Injectable()
export class MisroutedRooms {
  /** Partitions of the request topic; null until known. */
  partitions: number | null = null;
  private readonly seen = new Set<string>();

  constructor(
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  look(roomId: string, partition: number): void {
    if (this.partitions === null || this.seen.size >= remembered) return;
    const expected = partitionOf(Buffer.from(roomId), this.partitions);
    if (expected === partition || this.seen.has(roomId)) return;
    this.seen.add(roomId);
    this.metrics.misroutedRooms.inc();
    this.log.warn(
      { roomId, partition, expected },
      'room in an unexpected partition: order holds within one partition only; let producers partition by murmur2 of the roomId (librdkafka: partitioner=murmur2_random)',
    );
    if (this.seen.size === remembered) {
      this.log.warn({ rooms: remembered }, 'no further misrouted rooms are told until the next start');
    }
  }
}
