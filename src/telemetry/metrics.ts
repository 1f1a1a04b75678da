import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics, exponentialBuckets } from 'prom-client';

/** From 1 ms to 65 s: a statement, a call and a deadline all fall inside. */
const seconds = exponentialBuckets(0.001, 2, 17);
/** A statement takes at most some hundreds of rows. */
const rows = exponentialBuckets(1, 2, 10);

/**
 * Every number the service tells about itself. No label names a room or a member: their number has no bound.
 * Cheap enough to use as it is (0.1–0.2 µs a labelled `inc` or `observe`); where a batch is at hand, count it with one
 * `inc(labels, n)`.
 */
@Injectable()
export class Metrics {
  /** What `exposition` is written in. */
  static readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;

  private readonly registry = new Registry();

  readonly requestsTaken = this.counter('requests_taken_total', 'Requests taken from Kafka.', ['type']);
  readonly deadLetters = this.counter('dead_letters_total', 'Messages that could not be read.', ['reason']);
  readonly unsettled = this.gauge('unsettled_requests', 'Requests taken and not settled.', ['partition']);
  readonly watermarkDistance = this.gauge(
    'watermark_distance_offsets',
    'Offsets between the newest taken and the oldest unfinished one.',
    ['partition'],
  );
  readonly outcomesPublished = this.counter(
    'outcomes_published_total',
    'Outcomes held by Kafka, copies included.',
    ['status', 'reason'],
  );
  readonly misroutedRooms = this.counter('misrouted_rooms_total', 'Rooms seen in a wrong partition.');
  readonly consumerRebuilds = this.counter(
    'consumer_rebuilds_total',
    'Times the Kafka consumer was rebuilt.',
  );

  readonly calls = this.counter('calls_total', 'Calls to Tencent, by what became of them.', [
    'command',
    'class',
  ]);
  readonly callSeconds = this.histogram('call_seconds', 'From sending a call to its answer.', seconds, [
    'command',
  ]);
  readonly breakerOpen = this.gauge(
    'breaker_open',
    '1 while calls are kept back: Tencent gives no answers.',
    ['command'],
  );
  readonly slotsMissed = this.counter('slots_missed_total', 'Slots reserved and not used.', ['command']);
  readonly budgetWaitSeconds = this.histogram('budget_wait_seconds', 'Waiting for a slot.', seconds, [
    'command',
  ]);
  readonly worstSlidingSecond = this.gauge(
    'worst_sliding_second_calls',
    'Most calls this instance sent within one second.',
    ['command'],
  );
  readonly clockOffsetMs = this.gauge('clock_offset_ms', 'Database clock minus the clock of this machine.');

  readonly settleSeconds = this.histogram('settle_seconds', 'From arrival to outcome.', seconds, [
    'decidedBy',
  ]);
  readonly predictionsStale = this.counter(
    'predictions_stale_total',
    'Predictions whose room changed meanwhile.',
  );
  readonly readBacks = this.counter('read_backs_total', 'Reads made because a result was unknown.');
  readonly unconfirmed = this.counter('unconfirmed_total', 'Requests that could not be settled in time.');

  readonly statementRows = this.histogram('statement_rows', 'Rows that shared one statement.', rows, [
    'statement',
  ]);
  readonly statementSeconds = this.histogram('statement_seconds', 'Time of one statement.', seconds, [
    'statement',
  ]);

  /** Adds CPU, memory, event loop and garbage collection. Once a process: it starts observers that never stop. */
  observeProcess(): this {
    collectDefaultMetrics({ register: this.registry, prefix: 'usher_' });
    return this;
  }

  /** Everything in the text format of Prometheus (`Metrics.contentType`). */
  exposition(): Promise<string> {
    return this.registry.metrics();
  }

  private counter<L extends string = never>(name: string, help: string, labelNames: L[] = []): Counter<L> {
    return new Counter({ name: `usher_${name}`, help, labelNames, registers: [this.registry] });
  }

  private gauge<L extends string = never>(name: string, help: string, labelNames: L[] = []): Gauge<L> {
    return new Gauge({ name: `usher_${name}`, help, labelNames, registers: [this.registry] });
  }

  private histogram<L extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: L[],
  ): Histogram<L> {
    return new Histogram({ name: `usher_${name}`, help, buckets, labelNames, registers: [this.registry] });
  }
}
