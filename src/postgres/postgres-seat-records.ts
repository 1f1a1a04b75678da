import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SeatRecords } from '../commands/ports.js';
import type {
  Claimed,
  Intent,
  KnownRequest,
  OpenClaim,
  RecordedOutcome,
  RoomKey,
  Settlement,
  Slot,
} from '../commands/ports.js';
import { AppSettings } from '../config/app-settings.js';
import type { Answer, Reading, SentAnswer } from '../seating/answer.js';
import type { KnownFact, Room } from '../seating/room.js';
import type { SeatRequest } from '../seating/seat-request.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { Claims } from './claims.js';
import { Database, isObstructed } from './database.js';
import type { RunOptions } from './database.js';
import { knownRequests } from './known-requests.js';
import { NaturalBatch } from './natural-batch.js';
import type { BatchOptions } from './natural-batch.js';
import { noteObservations } from './observations.js';
import type { Observation } from './observations.js';
import { recordPredictions } from './predictions.js';
import type { Prediction, Recorded } from './predictions.js';
import { readRooms } from './rooms.js';
import { keyOf } from './settlement-row.js';
import { recordSettlings } from './settlings.js';
import type { Settled, Settling } from './settlings.js';
import { StaleRooms } from './stale-rooms.js';
import { publishedStatement, releaseStatement, slowDownStatement } from './statements/others.js';

/** Past some hundreds of rows a statement gains nothing and holds its locks longer. */
const most = 400;

/** The records in Postgres. Single items in, promises out; inside, every kind of write and look-up is batched by itself. */
@Injectable()
export class PostgresSeatRecords extends SeatRecords {
  private readonly staleRooms = new StaleRooms();
  private readonly finds: NaturalBatch<SeatRequest, KnownRequest | null>;
  private readonly rooms: NaturalBatch<RoomKey, Room>;
  private readonly predictions: NaturalBatch<ReturnType<StaleRooms['number']>, Recorded>;
  private readonly settlings: NaturalBatch<Settling, Settled>;
  private readonly observations: NaturalBatch<Observation, undefined>;
  private readonly published: NaturalBatch<object, undefined>;

  constructor(
    private readonly database: Database,
    private readonly claims: Claims,
    settings: AppSettings,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {
    super();
    this.finds = this.batch('find', (requests) => knownRequests(database, requests));
    this.rooms = this.batch('room', (rooms) => readRooms(database, rooms, settings.mirror.maxAgeMs));
    this.predictions = this.batch('record', (batch, options) => this.recordBatch(batch, options), {
      key: ({ settlement }) => idOf(settlement.request),
      order: ({ settlement }) => roomOf(settlement.request),
    });
    this.settlings = this.batch('settle', (batch, options) => this.settleBatch(batch, options), {
      key: ({ settlement }) => idOf(settlement.request),
    });
    this.observations = this.batch('observe', (batch, options) => noteObservations(database, batch, options));
    this.published = this.batch('published', async (rows, options): Promise<undefined[]> => {
      await database.run(publishedStatement, [JSON.stringify(rows)], options);
      return [];
    });
  }

  find(request: SeatRequest): Promise<KnownRequest | null> {
    return this.finds.add(request);
  }

  room(room: RoomKey): Promise<Room> {
    return this.rooms.add(room);
  }

  record(settlement: Settlement, premise: KnownFact | null): Promise<Recorded> {
    return this.predictions.add(this.staleRooms.number({ settlement, premise }));
  }

  claim(intent: Intent, signal: AbortSignal): Promise<Claimed> {
    const waited = this.metrics.budgetWaitSeconds.startTimer({ command: intent.call.command });
    return this.claims.claim(intent, signal).finally(waited);
  }

  async release(
    claim: OpenClaim,
    request: SeatRequest,
    answer: SentAnswer | 'unsent',
  ): Promise<OpenClaim | 'lost'> {
    const nonce = randomUUID();
    const later = answer === 'unsent' ? null : answer;
    const answers = later ? [...claim.answers, later] : claim.answers;
    const attempt = later ? claim.attempt : claim.attempt - 1;
    const row = {
      ...keyOf(request),
      prior: claim.nonce,
      nonce,
      attempt,
      slot_at: claim.slotAt,
      answers,
      answer: later,
    };
    const released = await this.database.run(releaseStatement, [JSON.stringify([row])]);
    return released.length > 0 ? { ...claim, nonce, attempt, answers } : 'lost';
  }

  settle(claim: OpenClaim, settlement: Settlement, answer: SentAnswer | null): Promise<Settled> {
    return this.settlings.add({ claim, settlement, answer });
  }

  claimRead(
    room: RoomKey,
    purpose: 'read-back',
    signal: AbortSignal,
  ): Promise<{ nonce: string; slot: Slot } | 'aborted'> {
    this.metrics.readBacks.inc();
    const waited = this.metrics.budgetWaitSeconds.startTimer({ command: 'read-seats' });
    return this.claims.claimRead(room, purpose, signal).finally(waited);
  }

  async observe(
    room: RoomKey,
    { nonce, slot }: { nonce: string; slot: Slot },
    reading: Reading,
  ): Promise<void> {
    await this.observations.add({ room, nonce, slotAt: slot.at, answer: reading });
  }

  async noteAnswer({ call, nonce, slotAt }: OpenClaim, answer: Answer): Promise<void> {
    await this.observations.add({ room: call, nonce, slotAt, answer });
  }

  notePublished(request: SeatRequest, { receivedAt }: RecordedOutcome, publishedAt: number): void {
    const row = { ...keyOf(request), received_at: Math.trunc(receivedAt), published_at: publishedAt };
    this.published.add(row).catch((error: unknown) => {
      this.log.debug({ requestId: request.requestId, error: String(error) }, 'a publication was not noted');
    });
  }

  async slowDown(sdkAppId: number, ms: number): Promise<void> {
    await this.database.run(slowDownStatement, [sdkAppId, ms]);
    this.log.warn(
      { sdkAppId, ms },
      'Tencent asks for fewer calls: all instances pause and go on at half the rate',
    );
  }

  private batch<Item, Result>(
    statement: string,
    run: (items: readonly Item[], options: RunOptions) => Promise<readonly Result[]>,
    keys: Pick<BatchOptions<Item, Result>, 'key' | 'order'> = {},
  ): NaturalBatch<Item, Result> {
    const counted = (items: readonly Item[], alone: boolean): Promise<readonly Result[]> => {
      this.metrics.statementRows.observe({ statement }, items.length);
      return run(items, { obstructed: alone ? 'repeat' : 'throw' });
    };
    return new NaturalBatch({ run: counted, most, isObstructed, ...keys });
  }

  private async recordBatch(
    batch: readonly ReturnType<StaleRooms['number']>[],
    options: RunOptions,
  ): Promise<Recorded[]> {
    const results = await this.staleRooms.run(batch, (fit: readonly Prediction[]) =>
      recordPredictions(this.database, fit, options),
    );
    this.metrics.predictionsStale.inc(results.filter((result) => result === 'stale').length);
    this.tellRecorded(batch, results);
    return results;
  }

  private async settleBatch(batch: readonly Settling[], options: RunOptions): Promise<Settled[]> {
    const results = await recordSettlings(this.database, batch, options);
    this.tellRecorded(batch, results);
    return results;
  }

  private tellRecorded(
    batch: readonly { readonly settlement: Settlement }[],
    results: readonly string[],
  ): void {
    batch.forEach(({ settlement }, at) => {
      if (results[at] === 'recorded') this.tell(settlement);
    });
  }

  /** The numbers, and an alarm where a person must look. */
  private tell({ request, outcome }: Settlement): void {
    this.metrics.settleSeconds.observe(
      { decidedBy: outcome.decidedBy },
      (outcome.settledAt - request.receivedAt) / 1000,
    );
    if (outcome.status !== 'unconfirmed') return;
    this.metrics.unconfirmed.inc();
    this.log.error(
      { sdkAppId: request.sdkAppId, roomId: request.roomId, requestId: request.requestId },
      `A request ended as unconfirmed: whether its call took effect is not known. See what was tried with "node dist/cli.js explain ${request.requestId}", look at the seats of the room, and set them right.`,
    );
  }
}

function idOf({ sdkAppId, requestId }: SeatRequest): string {
  return `${sdkAppId} ${requestId}`;
}

function roomOf({ sdkAppId, roomId }: SeatRequest): string {
  return `${sdkAppId} ${roomId}`;
}
