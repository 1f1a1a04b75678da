import { Injectable } from '@nestjs/common';
import { AppSettings } from '../config/app-settings.js';
import { Metrics } from '../telemetry/metrics.js';
import type { SeatRequest } from '../seating/seat-request.js';
import type { DeadLetterReason } from './dead-letter.reasons.js';
import { DeadLetters } from './dead-letters.js';
import type { KafkaRecord } from './kafka.record.js';
import { MisroutedRooms } from './misrouted.rooms.js';
import type { RequestRules } from './read-request.js';
import { RequestIntake } from './request.intake.js';
import { readMessage } from './seat-request.message.js';

/** Receives one record: reads it, and hands it to the story or to the dead letters. */
@Injectable()
export class Reception {
  private readonly rules: RequestRules;

  constructor(
    settings: AppSettings,
    private readonly intake: RequestIntake,
    private readonly deadLetters: DeadLetters,
    private readonly misrouted: MisroutedRooms,
    private readonly metrics: Metrics,
  ) {
    this.rules = { ...settings.requests, sdkAppId: settings.tencent.sdkAppId };
  }

  /**
   * Hands the record on before it returns, so that the order of calls is the order of requests. Resolves once the record
   * needs nothing any more: its outcome is published, or it lies among the dead letters. Rejects on a bug or a stop.
   */
  async take(record: KafkaRecord, receivedAt: number): Promise<void> {
    const reading = readMessage(record, receivedAt, this.rules);
    if (reading.kind === 'dead-letter') {
      await this.bury(record, reading.reason, reading.detail, receivedAt);
      return;
    }
    const { request } = reading;
    this.metrics.requestsTaken.inc({ type: request.type });
    this.misrouted.look(request.roomId, record.partition);
    if ((await this.intake.take(request)) === 'id-reused') await this.buryReused(record, request);
  }

  private buryReused(record: KafkaRecord, { requestId, receivedAt }: SeatRequest): Promise<void> {
    const detail = `requestId ${requestId} was used before for other content. Send this request with an id of its own.`;
    return this.bury(record, 'request-id-reused', detail, receivedAt);
  }

  private bury(record: KafkaRecord, reason: DeadLetterReason, detail: string, seenAt: number): Promise<void> {
    this.metrics.deadLetters.inc({ reason });
    return this.deadLetters.bury(record, reason, detail, seenAt);
  }
}
