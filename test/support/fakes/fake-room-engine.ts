import { RoomEngine } from '../../../src/commands/ports.js';
import type { Clock, RoomKey, Slot } from '../../../src/commands/ports.js';
import type { Answer, Reading, SeatCall } from '../../../src/seating/answer.js';
import type { Exchange } from '../../../src/tencent/exchange.js';
import { answerOf, judge, readingOf } from '../../../src/tencent/verdict.js';

/** What shall become of a call: never sent; unanswered, carried out or not; answered with this code, carried out or not. */
export type Script =
  | { readonly kind: 'unsent' }
  | { readonly kind: 'silent'; readonly executes: boolean }
  | { readonly kind: 'code'; readonly code: number; readonly executes?: boolean };

/** A room as Tencent has it. */
export interface FakeRoom {
  /** Who sits where; the length is the number of seats. */
  readonly seats: (string | null)[];
  readonly members: Set<string>;
  readonly queued: Set<string>;
  readonly locked: Set<number>;
  /** False: made without seats. */
  readonly enabled: boolean;
}

/** Tencent in memory: real enough to pick and to read, without HTTP, and scriptable for what goes wrong. */
export class FakeRoomEngine extends RoomEngine {
  readonly rooms = new Map<string, FakeRoom>();
  /** Calls and reads that reached it, in order. */
  readonly arrived: ({ readonly call: SeatCall } | { readonly read: RoomKey })[] = [];
  private readonly scripts: Script[] = [];

  constructor(private readonly clock: Clock) {
    super();
  }

  /** Makes a room; everything can be changed in it by hand. */
  createRoom(
    roomId: string,
    room: { seats: number; members?: readonly string[]; enabled?: boolean },
  ): FakeRoom {
    const made: FakeRoom = {
      seats: Array.from({ length: room.seats }, () => null),
      members: new Set(room.members),
      queued: new Set(),
      locked: new Set(),
      enabled: room.enabled ?? true,
    };
    this.rooms.set(roomId, made);
    return made;
  }

  /** The next calls or reads meet these, one each; those after them nothing special. */
  script(...scripts: readonly Script[]): void {
    this.scripts.push(...scripts);
  }

  override async call(call: SeatCall, slot: Slot): Promise<Answer> {
    const exchange = await this.exchange(slot, { call }, () => [this.pick(call), {}]);
    return exchange.kind === 'unsent' ? exchange : answerOf(judge(exchange, []));
  }

  override async readSeats(read: RoomKey, slot: Slot): Promise<Reading> {
    const exchange = await this.exchange(slot, { read }, () => this.list(read));
    return exchange.kind === 'unsent' ? exchange : readingOf(judge(exchange, []));
  }

  private async exchange(
    { monotonicAt, monotonicSendBy }: Slot,
    arrival: (typeof this.arrived)[number],
    execute: () => readonly [code: number, payload: object],
  ): Promise<Exchange> {
    const script = this.scripts.shift();
    await this.clock.wait(Math.max(0, monotonicAt - this.clock.monotonic()));
    while (this.clock.monotonic() < monotonicAt) await this.clock.wait(0);
    if (script?.kind === 'unsent' || this.clock.monotonic() > monotonicSendBy) {
      return { kind: 'unsent', message: 'the slot was missed' };
    }
    this.arrived.push(arrival);
    const sentAt = this.clock.now();
    const executed = !script || script.executes === true ? execute() : null;
    await this.clock.wait(0);
    const sent = { sentAt, answeredAt: Math.max(sentAt, this.clock.now()) };
    if (script?.kind === 'silent') return { kind: 'silent', ...sent, message: 'no answer came' };
    const [code, payload] = script ? [script.code, {}] : (executed ?? [0, {}]);
    const ActionStatus = code === 0 ? 'OK' : 'FAIL';
    const body = {
      ActionStatus,
      ErrorCode: code,
      ErrorInfo: '',
      RequestId: `Id-${this.arrived.length}`,
      Response: payload,
    };
    return { kind: 'replied', ...sent, status: 200, body: Buffer.from(JSON.stringify(body)) };
  }

  private pick({ roomId, memberAccount, index }: SeatCall): number {
    const room = this.rooms.get(roomId);
    const code = refusal(room, memberAccount, index);
    if (code === 0) room?.seats.splice(index, 1, memberAccount);
    return code;
  }

  private list({ roomId }: RoomKey): readonly [number, object] {
    const room = this.rooms.get(roomId);
    if (!room) return [100004, {}];
    if (!room.enabled) return [100211, {}];
    const SeatList = room.seats.map((occupant, Index) => ({
      Index,
      ...(occupant === null ? {} : { Member_Account: occupant }),
      IsTakenDisabled: room.locked.has(Index),
    }));
    return [0, { SeatList }];
  }
}

/** Tencent's checks in the order in which it is thought to make them; 0 where all are passed. */
function refusal(room: FakeRoom | undefined, member: string, index: number): number {
  if (!room) return 100004;
  const full = room.seats.every((occupant, each) => occupant !== null || room.locked.has(each));
  const checks: readonly (readonly [boolean, number])[] = [
    [!room.enabled, 100211],
    [!room.members.has(member), 100005],
    [room.seats.includes(member), 100203],
    [room.queued.has(member), 100202],
    [index >= room.seats.length, 100002],
    [room.locked.has(index), 100200],
    [full, 100205],
    [room.seats[index] !== null, 100210],
  ];
  return checks.find(([refused]) => refused)?.[1] ?? 0;
}
