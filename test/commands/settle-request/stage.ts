import { Lanes } from '../../../src/commands/lanes.js';
import type { Claimed, Intent, OutcomeMessage, RoomKey, Slot } from '../../../src/commands/ports.js';
import { SettleRequest } from '../../../src/commands/settle-request.js';
import type { Settled } from '../../../src/commands/settle-request.js';
import type { Answer, Reading, SeatCall } from '../../../src/seating/answer.js';
import type { Outcome } from '../../../src/seating/outcome.js';
import { pick } from '../../../src/seating/pick.js';
import type { PickRequest, SeatRequest } from '../../../src/seating/seat-request.js';
import { FakeClock } from '../../support/fakes/fake-clock.js';
import { FakeOutcomePublisher } from '../../support/fakes/fake-outcome-publisher.js';
import { FakeRoomEngine } from '../../support/fakes/fake-room-engine.js';
import { FakeSeatRecords } from '../../support/fakes/fake-seat-records.js';

/** Tells what takes effect, in order: `claim req-1 #1`, `call user2 on 1`, `settle req-1 done`, `publish req-1`. */
type Tell = (effect: string) => void;

class TracedRecords extends FakeSeatRecords {
  /** How often a room was looked at. */
  loads = 0;
  failNextFind = false;
  private aborted = 0;
  /** Called between a decision and its record. */
  beforeRecord = (): void => undefined;
  /** Called when an outcome stands. */
  onOutcome: (outcome: Outcome) => void = () => undefined;

  constructor(
    clock: FakeClock,
    private readonly told: Tell,
  ) {
    super(clock);
  }

  override find(request: SeatRequest): ReturnType<FakeSeatRecords['find']> {
    const fails = this.failNextFind;
    this.failNextFind = false;
    return fails ? Promise.reject(new Error('the database is gone')) : super.find(request);
  }

  override room(room: RoomKey): ReturnType<FakeSeatRecords['room']> {
    this.loads += 1;
    return super.room(room);
  }

  override async record(
    ...args: Parameters<FakeSeatRecords['record']>
  ): ReturnType<FakeSeatRecords['record']> {
    const { request, outcome } = args[0];
    this.beforeRecord();
    const recorded = await super.record(...args);
    if (recorded === 'recorded') this.onOutcome(outcome);
    this.told(`${recorded === 'recorded' ? 'record' : recorded} ${request.requestId} ${outcome.status}`);
    return recorded;
  }

  override async claim(intent: Intent, signal: AbortSignal): Promise<Claimed> {
    const claimed = await super.claim(intent, signal);
    const { requestId } = intent.request;
    if (claimed.kind === 'aborted' && (this.aborted += 1) > 100)
      throw new Error('asks again and again, too late');
    this.told(
      claimed.kind === 'claimed'
        ? `claim ${requestId} #${claimed.claim.attempt}`
        : `${claimed.kind} ${requestId}`,
    );
    return claimed;
  }

  override async release(
    ...args: Parameters<FakeSeatRecords['release']>
  ): ReturnType<FakeSeatRecords['release']> {
    const released = await super.release(...args);
    this.told(`${released === 'lost' ? 'lost' : 'release'} ${args[1].requestId}`);
    return released;
  }

  override async settle(
    ...args: Parameters<FakeSeatRecords['settle']>
  ): ReturnType<FakeSeatRecords['settle']> {
    const settled = await super.settle(...args);
    const { request, outcome } = args[1];
    if (settled === 'recorded') this.onOutcome(outcome);
    this.told(`${settled === 'lost' ? 'lost' : 'settle'} ${request.requestId} ${outcome.status}`);
    return settled;
  }
}

class TracedEngine extends FakeRoomEngine {
  /** Called for every call that left, with the time. */
  onSent: (call: SeatCall, sentAt: number) => void = () => undefined;
  /** Called for every call that did not leave. */
  onUnsent = (): void => undefined;
  /** Called when a read has ended, before anybody knows what it found. */
  onRead = (): void => undefined;
  private held: Promise<void> | null = null;

  constructor(
    clock: FakeClock,
    private readonly told: Tell,
  ) {
    super(clock);
  }

  /** Answers no call until the returned function is called. */
  hold(): () => void {
    let letGo = (): void => undefined;
    this.held = new Promise((resolve) => (letGo = resolve));
    return letGo;
  }

  override async call(call: SeatCall, slot: Slot): Promise<Answer> {
    this.told(`call ${call.memberAccount} on ${call.index}`);
    const answer = await super.call(call, slot);
    if (answer.kind === 'unsent') this.onUnsent();
    else this.onSent(call, answer.sentAt);
    await this.held;
    return answer;
  }

  override async readSeats(room: RoomKey, slot: Slot): Promise<Reading> {
    this.told('read');
    const reading = await super.readSeats(room, slot);
    this.onRead();
    return reading;
  }
}

class TracedPublisher extends FakeOutcomePublisher {
  constructor(private readonly told: Tell) {
    super();
  }

  override async publish(message: OutcomeMessage): Promise<void> {
    await super.publish(message);
    const { requestId } = JSON.parse(message.value.toString()) as { requestId: string };
    this.told(`publish ${requestId}`);
  }
}

/** The story over fakes, with room-test: seats 0 to 3, members user1 to user9. */
export class Stage {
  readonly effects: string[] = [];
  readonly clock = new FakeClock();
  readonly records = new TracedRecords(this.clock, (effect) => this.effects.push(effect));
  readonly engine = new TracedEngine(this.clock, (effect) => this.effects.push(effect));
  readonly outcomes = new TracedPublisher((effect) => this.effects.push(effect));
  readonly freshness = { seatsMs: 60_000, absenceMs: 1_000, auditShare: 0.01 };
  readonly room = this.engine.createRoom('room-test', {
    seats: 4,
    members: Array.from({ length: 9 }, (_, at) => `user${at + 1}`),
  });
  readonly instance = this.start();

  /** Another instance over the same records and the same Tencent. */
  start(): Instance {
    const lanes = new Lanes(this.records, { freshness: this.freshness }, this.clock);
    const story = new SettleRequest(lanes, this.records, this.engine, this.outcomes, this.clock);
    return { lanes, settle: (request) => story.settle(request, (sight) => pick(request, sight)) };
  }

  settle(request: PickRequest): Promise<Settled> {
    return this.instance.settle(request);
  }

  /** Settles a request, however long it takes, and returns the newest outcome published. */
  async outcomeOf(request: PickRequest): Promise<Record<string, unknown>> {
    await this.clock.pass(this.settle(request));
    return this.outcomes.bodies().at(-1) ?? {};
  }
}

/** One instance of the service. */
export interface Instance {
  readonly lanes: Lanes;
  settle(request: PickRequest): Promise<Settled>;
}
