import { Injectable } from '@nestjs/common';
import { Clock, Vital } from '../commands/ports.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { BatchIntake } from './batch.intake.js';
import { KafkaConnection } from './kafka.connection.js';
import { SeatRequestConsumer } from './seat-request.consumer.js';
import { supervise } from './supervise.js';
import { waitAtMost } from './wait-at-most.js';

/** Commits, gauges and the look for a silent consumer. */
const tickMs = 1_000;
/** A consumer without fetch, heartbeat or join for so long is rebuilt; a healthy one shows one every half second. */
const silentMs = 45_000;
/** The last commit; without it the next owner finds out that everything is settled. */
const commitPatienceMs = 2_000;

/** Requests in: keeps a consumer running until it is stopped, and gives up loudly when that is impossible. */
@Injectable()
export class KafkaIntake extends Vital {
  readonly name = 'kafka';
  private progressAt: number | null = null;
  private consumer: SeatRequestConsumer | null = null;
  private supervised: Promise<void> | null = null;
  private readonly stopping = new AbortController();

  constructor(
    private readonly kafka: KafkaConnection,
    private readonly batches: BatchIntake,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {
    super();
  }

  /**
   * Prepares the topics and begins to take requests in. Rejects when Kafka cannot be reached or the request topic must
   * not be read. `onFatal`: the consumer could not be kept running, the process should end with a non-zero code.
   */
  async start(onFatal: (reason: Error) => void): Promise<void> {
    await this.kafka.prepareTopics();
    this.progressAt = this.clock.monotonic();
    this.supervised = this.supervise(onFatal);
  }

  /** Takes no more in. The instance stays in the group, so that what is under way can be finished and committed. */
  stop(): void {
    this.batches.stop();
  }

  /**
   * Waits until what was taken in is finished or sent away (`Stopped`), at most `waitMs`; then commits what is finished
   * and leaves the group.
   */
  async finish(waitMs: number): Promise<void> {
    const until = this.clock.monotonic() + waitMs;
    while (this.batches.underWay() > 0 && this.clock.monotonic() < until) await this.clock.wait(20);
    await waitAtMost(commitPatienceMs, this.commitAll(), this.clock);
    this.stopping.abort();
    await this.supervised;
  }

  override ready(): Promise<string | null> {
    return Promise.resolve(this.consumer?.assigned ? null : 'the Kafka consumer group is not joined yet');
  }

  override lastProgress(): number | null {
    return this.progressAt;
  }

  /** A commit under way may have begun before the last request was finished. */
  private async commitAll(): Promise<void> {
    await this.consumer?.commit();
    await this.consumer?.commit();
  }

  private async supervise(onFatal: (reason: Error) => void): Promise<void> {
    const onEnd = (reason: Error, attempt: number): void => {
      this.metrics.consumerRebuilds.inc();
      this.log.warn({ error: reason.message, attempt }, 'the Kafka consumer ended and is built anew');
    };
    const reason = await supervise(() => this.consume(), onEnd, this.clock, this.stopping.signal);
    if (reason === null) return;
    this.log.error(
      { error: reason.message },
      'the Kafka consumer cannot be kept running; check brokers and topics',
    );
    onFatal(reason);
  }

  /** One consumer from its first to its last moment; resolves with the reason of its end. */
  private async consume(): Promise<Error> {
    const { kafka, batches, clock } = this;
    const consumer = new SeatRequestConsumer(kafka.consumer(), kafka.requestTopic, batches, clock, (now) => {
      this.progressAt = now;
    });
    this.consumer = consumer;
    const ticking = setInterval(() => {
      this.tick(consumer);
    }, tickMs);
    const onStop = (): void => {
      consumer.rebuild('stopped');
    };
    this.stopping.signal.addEventListener('abort', onStop);
    void consumer.start();
    const reason = await consumer.ended;
    this.stopping.signal.removeEventListener('abort', onStop);
    clearInterval(ticking);
    await consumer.close();
    return reason;
  }

  private tick(consumer: SeatRequestConsumer): void {
    void consumer.commit();
    this.batches.measure();
    const silence = this.clock.monotonic() - consumer.lastProgress;
    if (silence > silentMs)
      consumer.rebuild(`no fetch, heartbeat or join for ${Math.round(silence / 1_000)} s`);
  }
}
