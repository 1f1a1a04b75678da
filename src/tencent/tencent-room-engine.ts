import { Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Clock, RoomEngine } from '../commands/ports.js';
import type { CallKind, RoomKey, Slot } from '../commands/ports.js';
import { AppSettings } from '../config/app-settings.js';
import type { Answer, Reading, SeatCall } from '../seating/answer.js';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { connectionsTo } from './connect.js';
import type { Exchange } from './exchange.js';
import { HttpClient } from './http-client.js';
import { Notices } from './notices.js';
import { Places } from './places.js';
import type { Place } from './places.js';
import { SlidingSecond } from './sliding-second.js';
import { untilSlot } from './slot.js';
import { UserSig } from './user-sig.js';
import { answerOf, classOf, judge, readingOf } from './verdict.js';
import type { Verdict } from './verdict.js';
import { WarmSockets } from './warm-sockets.js';
import { usualLimits } from './warmth-limits.js';

type Unsent = Extract<Exchange, { kind: 'unsent' }>;

/** What can be asked of Tencent, in its own words, and how the metrics call it. */
const commands = {
  pick: 'v4/room_engine_http_mic/pick_user_on_seat',
  'read-seats': 'v4/room_engine_http_mic/get_seat_list',
} as const;
type Command = keyof typeof commands;

const kinds = { pick: 'call', 'read-seats': 'read' } as const satisfies Record<Command, CallKind>;

/** Tencent's Room Engine over HTTP: at the slot or not at all, every answer translated by the table of codes. */
@Injectable()
export class TencentRoomEngine extends RoomEngine implements OnApplicationShutdown {
  /** Who may call now. */
  readonly places: Places;
  private readonly sockets: WarmSockets;
  private readonly http: HttpClient;
  private readonly userSig: UserSig;
  private readonly notices: Notices;
  private readonly seconds = { pick: new SlidingSecond(), 'read-seats': new SlidingSecond() };

  constructor(
    private readonly settings: AppSettings,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    log: Log,
  ) {
    super();
    const { adminIdentifier: identifier, ...tencent } = settings.tencent;
    this.places = new Places(clock, () => this.sockets.ready);
    this.sockets = new WarmSockets(connectionsTo(new URL(tencent.baseUrl)), usualLimits, () => {
      this.places.changed();
    });
    this.sockets.refill();
    this.http = new HttpClient(settings.tencent, clock, this.sockets);
    this.userSig = new UserSig({ ...tencent, identifier });
    this.notices = new Notices(log);
  }

  override async call({ sdkAppId, roomId, memberAccount, index }: SeatCall, slot: Slot): Promise<Answer> {
    const body = { RoomId: roomId, Member_Account: memberAccount, Index: index };
    const verdict = await this.ask('pick', sdkAppId, body, slot);
    return 'row' in verdict ? answerOf(verdict) : verdict;
  }

  override async readSeats({ sdkAppId, roomId }: RoomKey, slot: Slot): Promise<Reading> {
    const verdict = await this.ask('read-seats', sdkAppId, { RoomId: roomId }, slot);
    return 'row' in verdict ? readingOf(verdict) : verdict;
  }

  /** Connections that a call could leave on now. */
  get ready(): number {
    return this.sockets.ready;
  }

  /** Ends the warm connections; a call still in flight ends with its answer. */
  close(): void {
    this.sockets.close();
  }

  onApplicationShutdown(): void {
    this.close();
  }

  private async ask(command: Command, sdkAppId: number, body: object, slot: Slot): Promise<Verdict | Unsent> {
    if (sdkAppId !== this.settings.tencent.sdkAppId) {
      return { kind: 'unsent', message: `application ${sdkAppId} is not configured here` };
    }
    const place = this.places.begin(kinds[command]);
    const asked = await this.askAt(slot, command, body, place);
    place.ends('row' in asked ? (asked.row.class === 'ambiguous' ? 'failed' : 'answered') : 'unsent');
    this.metrics.breakerOpen.set({ command }, Number(this.places.isOpen(kinds[command])));
    return asked;
  }

  private async askAt(slot: Slot, command: Command, body: object, place: Place): Promise<Verdict | Unsent> {
    await untilSlot(this.clock, slot);
    place.departs();
    const signature = this.userSig.current(this.clock.monotonic());
    const sendBy = slot.monotonicSendBy;
    const exchange = await this.http.post({ path: commands[command], body, signature, sendBy });
    if (exchange.kind === 'unsent') {
      this.metrics.slotsMissed.inc({ command });
      this.metrics.calls.inc({ command, class: 'unsent' });
      return exchange;
    }
    const verdict = judge(exchange, [signature, this.settings.tencent.secretKey]);
    this.learn(command, verdict, signature);
    return verdict;
  }

  /** What an answer means beyond its own request: for the signature, the metrics and the people who run this. */
  private learn(command: Command, verdict: Verdict, signature: string): void {
    const now = this.clock.monotonic();
    if (verdict.row.class === 'auth') this.userSig.renew(signature, now);
    if (verdict.told.code === 70050) this.userSig.rest(now);
    this.metrics.calls.inc({ command, class: classOf(verdict) });
    this.metrics.worstSlidingSecond.set({ command }, this.seconds[command].note(verdict.told.sentAt));
    this.metrics.callSeconds.observe({ command }, (verdict.told.answeredAt - verdict.told.sentAt) / 1_000);
    this.notices.note(verdict, command, now);
  }
}
