import type {
  ClaimSeen,
  Disturbance,
  History,
  RecordedRow,
  Rules,
  TopicMessage,
} from '../../../../sandbox/chaos/history.js';
import type { CallRecord, Change, Effect } from '../../../../sandbox/twin/journal.js';

/** When every story begins. */
export const start = Date.UTC(2026, 0, 1, 12);

/** What a test may say of a call; the rest is as usual. */
export interface CallChoice extends Partial<Omit<CallRecord, 'n'>> {
  /** Milliseconds from the story's start; default: just before the call arrives. Null: no claim. */
  readonly slot?: number | null;
  readonly instanceId?: string;
  /** Whether the seat is taken when it is executed. Default: if the result is 0. */
  readonly takes?: boolean;
}

/** A wish of a request. */
export interface Wish {
  readonly roomId: string;
  readonly memberAccount: string;
  readonly index: number;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] };

const sdkAppId = 1400000000;
const pickCommand = 'room_engine_http_mic/pick_user_on_seat';
const readCommand = 'room_engine_http_mic/get_seat_list';

/** What a service that keeps its promises would leave behind, told step by step. All times are milliseconds from `start`. */
export class Story {
  readonly requests: TopicMessage[] = [];
  readonly outcomes: TopicMessage[] = [];
  readonly deadLetters: TopicMessage[] = [];
  readonly calls: CallRecord[] = [];
  readonly effects: Effect[] = [];
  readonly claims: ClaimSeen[] = [];
  readonly recorded: RecordedRow[] = [];
  readonly disturbances: Disturbance[] = [];
  readonly wishes = new Map<string, Wish>();
  readonly rules: Writable<Rules> = {
    limitPerSecond: 200,
    timeoutMs: 5_000,
    mirrorMaxAgeMs: 2_000,
    jitterAllowanceMs: 25,
  };

  /** Rooms `room-0` … with the members `user-0` … `user-9` in them. */
  constructor(rooms = 2) {
    for (let room = 0; room < rooms; room++) {
      const roomId = `room-${room}`;
      this.change(-60_000, { kind: 'room-created', roomId });
      for (let user = 0; user < 10; user++)
        this.change(-60_000, { kind: 'member-entered', roomId, memberAccount: `user-${user}` });
    }
  }

  /** A message of the request topic with any value. */
  send(at: number, message: Partial<TopicMessage>): TopicMessage {
    const sent = messageAt(at, this.requests, { key: null, value: null, headers: {}, ...message });
    this.requests.push(sent);
    return sent;
  }

  ask(at: number, requestId: string, wish: Partial<Wish> = {}, more: object = {}): TopicMessage {
    const full = { roomId: 'room-0', memberAccount: 'user-1', index: 1, ...wish };
    this.wishes.set(requestId, full);
    const value = Buffer.from(JSON.stringify({ requestId, type: 'pick', ...full, ...more }));
    return this.send(at, { key: Buffer.from(full.roomId), value });
  }

  /** A pick arrives at the twin, with the claim that it needs. */
  call(at: number, requestId: string, choice: CallChoice = {}): CallRecord {
    const { roomId, memberAccount, index } = this.wish(requestId);
    const { slot = at - 1, instanceId = 'one', takes, ...rest } = choice;
    if (slot !== null) this.claim(slot, { requestId, roomId, command: 'pick_user_on_seat', instanceId });
    const body = { RoomId: roomId, Member_Account: memberAccount, Index: index };
    const call = this.arrive(at, { command: pickCommand, body, ...rest });
    if (call.executedAt !== null && (takes ?? call.resultCode === 0)) {
      const cause = { by: pickCommand, call: call.n };
      this.change(call.executedAt - start, { kind: 'seat-taken', roomId, memberAccount, index, ...cause });
    }
    return call;
  }

  /** A read of a room's seats arrives at the twin. */
  read(at: number, roomId = 'room-0', choice: CallChoice = {}): CallRecord {
    const { slot = at - 1, instanceId = 'one', ...rest } = choice;
    if (slot !== null) this.claim(slot, { requestId: null, roomId, command: 'get_seat_list', instanceId });
    return this.arrive(at, { command: readCommand, body: { RoomId: roomId }, ...rest });
  }

  claim(slot: number, claim: Partial<ClaimSeen>): ClaimSeen {
    const claimed: ClaimSeen = {
      nonce: `nonce-${this.claims.length}`,
      requestId: null,
      roomId: 'room-0',
      command: 'pick_user_on_seat',
      attempt: 1,
      instanceId: 'one',
      slotAt: start + slot,
      committedAt: start + slot - 20,
      ...claim,
    };
    this.claims.push(claimed);
    return claimed;
  }

  /** Something changes in a room by a client's hand, unless a cause is named. */
  change(at: number, change: Partial<Effect> & Pick<Change, 'kind'>): void {
    const nobody = {
      sdkAppId,
      roomId: 'room-0',
      index: null,
      memberAccount: null,
      by: 'client:seats',
      call: null,
    };
    this.effects.push({ ...nobody, ...change, n: this.effects.length + 1, at: start + at });
  }

  /** The request ends so; recorded a moment later, and then published. */
  settle(at: number, requestId: string, ending: object): void {
    const { roomId, memberAccount, index } = this.wish(requestId);
    const value = Buffer.from(
      JSON.stringify({
        outcomeId: `event-${requestId}`,
        requestId,
        type: 'pick',
        roomId,
        memberAccount,
        index,
        requestedIndex: index,
        reason: null,
        evidence: null,
        deadline: iso(30_000),
        settledAt: iso(at),
        ...ending,
      }),
    );
    const headers = { ce_id: Buffer.from(`event-${requestId}`), ce_type: Buffer.from('seat.outcome.v1') };
    const stored = Buffer.from(JSON.stringify({ ce_id: `event-${requestId}`, ce_type: 'seat.outcome.v1' }));
    this.recorded.push({ requestId, value, headers: stored, committedAt: start + at + 2 });
    this.publish(at + 4, { key: Buffer.from(roomId), value, headers });
  }

  publish(at: number, message: Partial<TopicMessage>): void {
    this.outcomes.push(messageAt(at, this.outcomes, { key: null, value: null, headers: {}, ...message }));
  }

  bury(at: number, message: TopicMessage, reason: string): void {
    const told = {
      dl_reason: reason,
      dl_topic: 'seat.requests',
      dl_partition: String(message.partition),
      dl_offset: String(message.offset),
    };
    const headers = Object.fromEntries(Object.entries(told).map(([name, text]) => [name, Buffer.from(text)]));
    const { key, value } = message;
    const letter = { key, value, headers: { ...message.headers, ...headers } };
    this.deadLetters.push(messageAt(at, this.deadLetters, letter));
  }

  /** Asked, called and done within a tenth of a second. */
  seat(at: number, requestId: string, wish: Partial<Wish> = {}): void {
    this.ask(at, requestId, wish);
    this.call(at + 50, requestId);
    this.settle(at + 70, requestId, { status: 'done', decidedBy: 'tencent', code: 0 });
  }

  history(more: Partial<History> = {}): History {
    const { requests, outcomes, deadLetters, calls, effects, claims, recorded, disturbances, rules } = this;
    const ends = new Map(requests.map(({ partition, offset }) => [partition, offset + 1]));
    const offsets = [...ends].map(([partition, end]) => ({ partition, committed: end, end }));
    const told = { requests, outcomes, deadLetters, calls, effects, claims, recorded, disturbances };
    return { rules, offsets, ...told, ...more };
  }

  private wish(requestId: string): Wish {
    const wish = this.wishes.get(requestId);
    if (!wish) throw new Error(`nobody asked for ${requestId}`);
    return wish;
  }

  private arrive(at: number, choice: Partial<CallRecord>): CallRecord {
    const { n } = { n: this.calls.length + 1 };
    const call: CallRecord = {
      n,
      arrivedAt: start + at,
      arrivedMicros: at * 1000,
      command: pickCommand,
      sdkAppId,
      overLimit: false,
      body: null,
      fault: null,
      executedAt: start + at + 3,
      resultCode: 0,
      answeredAt: start + at + 6,
      httpStatus: 200,
      answerCode: choice.resultCode ?? 0,
      requestId: `tencent-${n}`,
      ...choice,
    };
    this.calls.push(call);
    return call;
  }
}

/** Epoch time of a moment of the story. */
export function moment(at: number): number {
  return start + at;
}

/** RFC 3339 text of a moment of the story. */
export function iso(at: number): string {
  return new Date(start + at).toISOString();
}

/** A call that was executed, and whose answer was lost on the way. */
export const unanswered = {
  fault: 'answer-lost',
  answeredAt: null,
  httpStatus: null,
  answerCode: null,
} as const;

/** A call that was lost on the way. */
export const lost = { ...unanswered, fault: 'request-lost', executedAt: null, resultCode: null } as const;

function messageAt(
  at: number,
  topic: readonly TopicMessage[],
  message: Omit<TopicMessage, 'partition' | 'offset' | 'timestamp'> & { partition?: number },
): TopicMessage {
  const { partition = 0 } = message;
  const offset = topic.filter((other) => other.partition === partition).length;
  return { offset, timestamp: start + at, ...message, partition };
}
