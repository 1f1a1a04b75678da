import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { makeTopics } from '../../../sandbox/parts/kafka-topics.js';
import { startUsher } from '../../../sandbox/parts/usher.js';
import type { Usher } from '../../../sandbox/parts/usher.js';
import type { TwinControl } from '../../../sandbox/twin/client.js';
import { twinAdminIdentifier, twinSdkAppId, twinSecretKey } from '../../../sandbox/twin/credentials.js';
import type { TwinOptions } from '../../../sandbox/twin/options.js';
import { freshDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { kafka } from '../parts.js';
import { readTopic } from './topic-reader.js';
import type { ReadMessage } from './topic-reader.js';
import { startTwinProcess } from '../../../sandbox/parts/twin-process.js';

/** An outcome as its readers see it. */
export type WireOutcome = Readonly<Record<string, unknown>> & {
  readonly requestId: string;
  readonly status: string;
  readonly reason: string | null;
  readonly decidedBy: string;
  readonly evidence: Readonly<Record<string, unknown>> | null;
};

/** A message for the request topic; an object is sent as JSON under its room as the key. */
export type Sent =
  | Readonly<Record<string, unknown>>
  | {
      readonly raw: {
        readonly key?: Buffer | string | null;
        readonly value: Buffer | string | null;
        readonly headers?: Record<string, string>;
      };
    };

export interface StageOptions {
  readonly instances?: number;
  readonly partitions?: number;
  readonly twin?: Partial<TwinOptions>;
  /** Settings of the instances. Sampling is off unless they say otherwise. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The whole service on real parts: its own database, topics and twin, and as many instances as asked for. */
export class Stage {
  readonly ushers: Usher[] = [];
  private readonly closing: (() => Promise<unknown>)[] = [];
  private sent = 0;

  private constructor(
    readonly twin: TwinControl,
    readonly settings: Readonly<Record<string, string>>,
    private readonly parts: {
      readonly outcomes: readonly ReadMessage[];
      readonly deadLetters: readonly ReadMessage[];
      readonly database: pg.Pool;
      readonly send: (messages: readonly Sent[]) => Promise<void>;
    },
  ) {}

  static async set({
    instances = 1,
    partitions = 3,
    twin: twinOptions = {},
    settings = {},
  }: StageOptions = {}): Promise<Stage> {
    const [{ brokers }, database, twin] = await Promise.all([
      kafka(),
      freshDatabase(),
      startTwinProcess(twinOptions),
    ]);
    const name = randomUUID().slice(0, 8);
    const topics = [`${name}.requests`, `${name}.outcomes`, `${name}.dead-letters`] as const;
    const client = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
    const admin = client.admin();
    await admin.connect();
    const timed = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }];
    await makeTopics(
      admin,
      topics.map((topic, at) => ({
        topic,
        numPartitions: partitions,
        configEntries: at === 0 ? timed : [],
      })),
    );
    await admin.disconnect();
    const producer = client.producer();
    await producer.connect();
    const [outcomes, deadLetters] = await Promise.all([
      readTopic(brokers, topics[1]),
      readTopic(brokers, topics[2]),
    ]);
    const pool = new pg.Pool({ connectionString: database.url, max: 2 });
    const stage = new Stage(
      twin.control,
      {
        DATABASE_URL: database.url,
        KAFKA_BROKERS: brokers,
        KAFKA_GROUP_ID: name,
        KAFKA_TOPIC_REQUESTS: topics[0],
        KAFKA_TOPIC_OUTCOMES: topics[1],
        KAFKA_TOPIC_DEAD_LETTERS: topics[2],
        TENCENT_BASE_URL: twin.url,
        TENCENT_SDK_APP_ID: String(twinSdkAppId),
        TENCENT_ADMIN_IDENTIFIER: twinAdminIdentifier,
        TENCENT_SECRET_KEY: twinSecretKey,
        MIRROR_AUDIT_SHARE: '0',
        ...settings,
      },
      {
        outcomes: outcomes.messages,
        deadLetters: deadLetters.messages,
        database: pool,
        send: async (messages) => {
          await producer.sendBatch({
            acks: -1,
            topicMessages: [{ topic: topics[0], messages: messages.map(messageOf) }],
          });
        },
      },
    );
    stage.closing.push(
      () => Promise.all([outcomes.stop(), deadLetters.stop(), producer.disconnect(), pool.end()]),
      () => Promise.all([twin.child.stop(), database.drop()]),
    );
    await Promise.all(Array.from({ length: instances }, () => stage.enter()));
    return stage;
  }

  /** One more instance. */
  async enter(settings: Readonly<Record<string, string>> = {}): Promise<Usher> {
    const usher = await startUsher({ ...this.settings, ...settings });
    this.ushers.push(usher);
    return usher;
  }

  /** A room in the twin under a name of its own. */
  async room(
    room: {
      readonly seats?: number;
      readonly members?: readonly string[];
      readonly locked?: readonly number[];
      readonly seatsEnabled?: boolean;
    } = {},
  ): Promise<string> {
    const roomId = `room-${randomUUID().slice(0, 8)}`;
    const { seats = 8, members = [], locked = [], seatsEnabled = true } = room;
    await this.twin.createRoom({ roomId, seats, members: [...members], locked: [...locked], seatsEnabled });
    return roomId;
  }

  /** A pick with an id of its own. */
  pick(roomId: string, memberAccount: string, index: number, more: Readonly<Record<string, unknown>> = {}) {
    this.sent += 1;
    return { requestId: `${roomId}-${this.sent}`, type: 'pick', roomId, memberAccount, index, ...more };
  }

  send(...messages: readonly Sent[]): Promise<void> {
    return this.parts.send(messages);
  }

  /** Sends the requests and waits for the outcome of each, in their order. */
  async ask(
    requests: readonly (Readonly<Record<string, unknown>> & { readonly requestId: string })[],
    withinMs = 30_000,
  ): Promise<WireOutcome[]> {
    await this.send(...requests);
    return this.outcomesOf(requests, withinMs);
  }

  async outcomesOf(
    requests: readonly { readonly requestId: string }[],
    withinMs = 30_000,
  ): Promise<WireOutcome[]> {
    const wanted = new Set(requests.map(({ requestId }) => requestId));
    const found = new Map<string, WireOutcome>();
    let read = 0;
    await eventually(
      () => {
        for (const { value } of this.parts.outcomes.slice(read)) {
          const outcome = JSON.parse(String(value)) as WireOutcome;
          if (wanted.has(outcome.requestId)) found.set(outcome.requestId, outcome);
        }
        read = this.parts.outcomes.length;
        return found.size === wanted.size;
      },
      { within: withinMs, what: `an outcome of each of ${wanted.size} requests` },
    );
    return requests.map(({ requestId }) => found.get(requestId) as WireOutcome);
  }

  /** Waits for something to become true. */
  until(condition: () => boolean | Promise<boolean>, what: string, withinMs = 30_000): Promise<void> {
    return eventually(condition, { within: withinMs, what });
  }

  /** Every message of the outcome topic about that request. */
  copiesOf(requestId: string): ReadMessage[] {
    return this.parts.outcomes.filter(({ value }) =>
      String(value).includes(`"requestId":${JSON.stringify(requestId)}`),
    );
  }

  get outcomes(): readonly ReadMessage[] {
    return this.parts.outcomes;
  }

  get deadLetters(): readonly ReadMessage[] {
    return this.parts.deadLetters;
  }

  async sql<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.parts.database.query<Row>(text, values)).rows;
  }

  /** Calls of that command that reached the twin about that room. */
  async callsOf(roomId: string, command: 'pick_user_on_seat' | 'get_seat_list' = 'pick_user_on_seat') {
    const calls = await this.twin.calls();
    return calls.filter(
      (call) =>
        call.command?.endsWith(command) && (call.body as { RoomId?: string } | null)?.RoomId === roomId,
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.ushers.map((usher) => usher.kill()));
    for (const close of this.closing) await close();
  }
}

function messageOf(sent: Sent) {
  if ('raw' in sent) {
    const {
      key = null,
      value,
      headers,
    } = sent.raw as {
      key?: Buffer | string | null;
      value: Buffer | string | null;
      headers?: Record<string, string>;
    };
    return { key, value, ...(headers && { headers }) };
  }
  return { key: String(sent['roomId']), value: JSON.stringify(sent) };
}
