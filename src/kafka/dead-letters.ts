import { Injectable } from '@nestjs/common';
import { Clock, DeadLetterRecords } from '../commands/ports.js';
import type { DeadLetter } from '../commands/ports.js';
import { AppSettings } from '../config/app-settings.js';
import { Log } from '../telemetry/log.js';
import { encodeDeadLetter } from './dead-letter.message.js';
import type { DeadLetterReason } from './dead-letter.reasons.js';
import { KafkaConnection } from './kafka.connection.js';
import { headerList } from './kafka.record.js';
import type { KafkaRecord } from './kafka.record.js';
import { Stopped } from '../commands/stopped.js';
import { TopicWriter, isTooLarge } from './topic.writer.js';

const backOffMs = { first: 100, most: 5_000 };

/** Keeps what cannot be read: a row first, then the topic, each until it stands. Both bear repetition after a crash. */
@Injectable()
export class DeadLetters {
  private readonly writer: TopicWriter;
  private readonly stopping = new AbortController();

  constructor(
    kafka: KafkaConnection,
    settings: AppSettings,
    private readonly records: DeadLetterRecords,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.writer = new TopicWriter(() => kafka.producer(), settings.kafka.topics.deadLetters, clock, log);
  }

  /** Resolves once the letter is recorded and published. Rejects with `Stopped` on a stop. */
  async bury(record: KafkaRecord, reason: DeadLetterReason, detail: string, seenAt: number): Promise<void> {
    const { topic, partition, offset } = record;
    this.log.warn({ topic, partition, offset, reason, detail }, 'message became a dead letter');
    await this.keep(toLetter(record, reason, detail, seenAt));
    await this.publish(record, reason, detail);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.writer.stop();
  }

  private async keep(letter: DeadLetter): Promise<void> {
    const { topic, partition, offset } = letter;
    for (
      let wait = backOffMs.first;
      !this.stopping.signal.aborted;
      wait = Math.min(wait * 2, backOffMs.most)
    ) {
      try {
        await this.records.record(letter);
        return;
      } catch (error) {
        const fields = { topic, partition, offset, error: String(error) };
        if (wait === backOffMs.first)
          this.log.warn(fields, 'a dead letter could not be recorded; repeated until it is');
        await this.clock.wait(wait, this.stopping.signal);
      }
    }
    throw new Stopped('Recording a dead letter');
  }

  /** A topic may allow less than the default: cut until it fits. */
  private async publish(record: KafkaRecord, reason: DeadLetterReason, detail: string): Promise<void> {
    let limit: number | undefined;
    for (;;) {
      const { message, bytes } = encodeDeadLetter(record, reason, detail, limit);
      try {
        await this.writer.write(message, bytes);
        return;
      } catch (error) {
        if (!isTooLarge(error) || bytes < 1_024) throw error;
        limit = Math.floor(bytes / 2);
      }
    }
  }
}

function toLetter(record: KafkaRecord, reason: DeadLetterReason, detail: string, seenAt: number): DeadLetter {
  const { topic, partition, offset, key, value } = record;
  // Texts in Postgres hold no NUL and no lone surrogate; the topic keeps the names as they are.
  const headers = headerList(record.headers).map((header) => ({
    key: header.key.replace(/[\p{Cc}\p{Cs}]/gu, '\u{fffd}'),
    value: header.value,
  }));
  return { topic, partition, offset, reason, detail, key, value, headers, seenAt };
}
