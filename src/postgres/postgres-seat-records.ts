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
import { factsOfAnswer, factsOfReading } from '../seating/facts.js';
import type { KnownFact, Room } from '../seating/room.js';
import type { SeatRequest } from '../seating/seat-request.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { Claims } from './claims.js';
import { Database } from './database.js';
import { DatabaseClock } from './database-clock.js';
import { knownRequests } from './known-requests.js';
import { NaturalBatch } from './natural-batch.js';
import { recordPredictions } from './predictions.js';
import type { Prediction, Recorded } from './predictions.js';
import { readRooms } from './rooms.js';
import { keyOf, settlementRow, valuesOf } from './settlement-row.js';
import { StaleRooms } from './stale-rooms.js';
import {
  observeStatement,
  publishedStatement,
  releaseStatement,
  slowDownStatement,
} from './statements/others.js';
import { settleStatement } from './statements/settle.js';
import { ToldFacts } from './told-facts.js';

/** Past some hundreds of rows a statement gains nothing and holds its locks longer. */
const most = 400;

interface Settling {
  readonly claim: OpenClaim;
  readonly settlement: Settlement;
  readonly answer: SentAnswer | null;
}

interface Observation {
  readonly room: RoomKey;
  readonly nonce: string;
  readonly slotAt: number;
  readonly answer: Answer | Reading;
}

/** The records in Postgres. Single items in, promises out; inside, every kind of write and look-up is batched by itself. */
@Injectable()
export class PostgresSeatRecords extends SeatRecords {
  private readonly claims: Claims;
  private readonly staleRooms = new StaleRooms();
  private readonly finds: NaturalBatch<SeatRequest, KnownRequest | null>;
  private readonly rooms: NaturalBatch<RoomKey, Room>;
  private readonly predictions: NaturalBatch<ReturnType<StaleRooms['number']>, Recorded>;
  private readonly settlings: NaturalBatch<Settling, 'recorded' | 'lost'>;
  private readonly observations: NaturalBatch<Observation, undefined>;
  private readonly published: NaturalBatch<object, undefined>;

  constructor(
    private readonly database: Database,
    clock: DatabaseClock,
    settings: AppSettings,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {
    super();
    this.claims = new Claims(database, clock, settings.tencent, `${process.pid}-${randomUUID().slice(0, 8)}`);
    this.finds = this.batch('find', (requests) => knownRequests(database, requests));
    this.rooms = this.batch('room', (rooms) => readRooms(database, rooms, settings.mirror.maxAgeMs));
    this.predictions = this.batch(
      'record',
      (batch) => this.recordBatch(batch),
      ({ settlement }) => idOf(settlement.request),
    );
    this.settlings = this.batch(
      'settle',
      (batch) => this.settleBatch(batch),
      ({ settlement }) => idOf(settlement.request),
    );
    this.observations = this.batch('observe', (batch) => this.observeBatch(batch));
    this.published = this.batch('published', async (rows): Promise<undefined[]> => {
      await database.run(publishedStatement, [JSON.stringify(rows)]);
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

  settle(claim: OpenClaim, settlement: Settlement, answer: SentAnswer | null): Promise<'recorded' | 'lost'> {
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
    run: (items: readonly Item[]) => Promise<readonly Result[]>,
    key?: (item: Item) => string,
  ): NaturalBatch<Item, Result> {
    const counted = (items: readonly Item[]): Promise<readonly Result[]> => {
      this.metrics.statementRows.observe({ statement }, items.length);
      return run(items);
    };
    return new NaturalBatch({ run: counted, most, ...(key && { key }) });
  }

  private async recordBatch(batch: readonly ReturnType<StaleRooms['number']>[]): Promise<Recorded[]> {
    const results = await this.staleRooms.run(batch, (fit: readonly Prediction[]) =>
      recordPredictions(this.database, fit),
    );
    this.metrics.predictionsStale.inc(results.filter((result) => result === 'stale').length);
    batch.forEach(({ settlement }, at) => {
      if (results[at] === 'recorded') this.tell(settlement);
    });
    return results;
  }

  private async settleBatch(batch: readonly Settling[]): Promise<('recorded' | 'lost')[]> {
    const told = new ToldFacts();
    for (const { claim, answer } of batch)
      if (answer) told.add(claim.call, factsOfAnswer(claim.call, answer));
    const rows = batch.map(({ claim, settlement, answer }) =>
      settlementRow(settlement, { prior: claim.nonce, slotAt: claim.slotAt, answer }),
    );
    const values = [valuesOf(batch.map(({ settlement }) => settlement)), JSON.stringify(rows), told.toJson()];
    const results: ('recorded' | 'lost')[] = [];
    for (const row of await this.database.run<{ at: number; result: 'recorded' | 'lost' }>(
      settleStatement,
      values,
    )) {
      results[row.at] = row.result;
    }
    batch.forEach(({ settlement }, at) => {
      if (results[at] === 'recorded') this.tell(settlement);
    });
    return results;
  }

  private async observeBatch(batch: readonly Observation[]): Promise<undefined[]> {
    const told = new ToldFacts();
    for (const { room, answer } of batch) if (isReading(answer)) told.add(room, factsOfReading(answer));
    const rows = batch.map(({ nonce, slotAt, answer }) => ({
      nonce,
      slot_at: slotAt,
      answer: shortened(answer),
    }));
    await this.database.run(observeStatement, [JSON.stringify(rows), told.toJson()]);
    return [];
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
      'A request ended as unconfirmed: whether its call took effect is not known. Read the seats of the room and set them right.',
    );
  }
}

function idOf({ sdkAppId, requestId }: SeatRequest): string {
  return `${sdkAppId} ${requestId}`;
}

function isReading(answer: Answer | Reading): answer is Reading {
  return answer.kind === 'seats' || answer.kind === 'missing' || answer.kind === 'disabled';
}

/** The attempts keep how a read ended, not the seats: those are in the mirror. */
function shortened(answer: Answer | Reading): object {
  return answer.kind === 'seats' ? { ...answer, seats: undefined } : answer;
}
