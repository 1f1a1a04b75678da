import { Injectable } from '@nestjs/common';
import type { IHeaders } from 'kafkajs';
import { Clock, OutcomePublisher } from '../commands/ports.js';
import type { OutcomeMessage } from '../commands/ports.js';
import { AppSettings } from '../config/app-settings.js';
import type { Outcome } from '../seating/outcome.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { KafkaConnection } from './kafka.connection.js';
import { encodeOutcome, wordOf } from './outcome.message.js';
import { TopicWriter } from './topic.writer.js';

/** Publishes outcomes to Kafka. */
@Injectable()
export class KafkaOutcomePublisher extends OutcomePublisher {
  private readonly writer: TopicWriter;

  constructor(
    kafka: KafkaConnection,
    settings: AppSettings,
    clock: Clock,
    log: Log,
    private readonly metrics: Metrics,
  ) {
    super();
    this.writer = new TopicWriter(() => kafka.producer(), settings.kafka.topics.outcomes, clock, log);
  }

  override encode(outcome: Outcome): OutcomeMessage {
    return encodeOutcome(outcome);
  }

  /** Rejects with `Stopped` after `stop`. */
  override async publish({ key, value, headers }: OutcomeMessage): Promise<void> {
    const message = { key, value, headers: JSON.parse(headers.toString()) as IHeaders };
    await this.writer.write(message, key.length + value.length + headers.length);
    this.metrics.outcomesPublished.inc({ status: wordOf(value, 'status'), reason: wordOf(value, 'reason') });
  }

  /** Gives up what is not acknowledged; it is published after the restart. */
  stop(): Promise<void> {
    return this.writer.stop();
  }
}
