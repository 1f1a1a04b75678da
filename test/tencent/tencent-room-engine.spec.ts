import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Clock, RoomEngine } from '../../src/commands/ports.js';
import { AppSettings } from '../../src/config/app-settings.js';
import type { Answer } from '../../src/seating/answer.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { TencentModule } from '../../src/tencent/tencent.module.js';
import { TencentRoomEngine } from '../../src/tencent/tencent-room-engine.js';
import { usualLimits } from '../../src/tencent/warmth-limits.js';
import { eventually } from '../support/eventually.js';
import { slotIn, standEngine, tencent } from './engine.js';
import type { Stood } from './engine.js';
import { LocalServer, envelope } from './local-server.js';

@Module({})
class SharedModule {}

describe("Tencent's Room Engine", () => {
  let server: LocalServer;
  let stood: Stood;

  const pick = (): Promise<Answer> =>
    stood.engine.call(
      { command: 'pick', sdkAppId: tencent.sdkAppId, roomId: 'room', memberAccount: '007', index: 3 },
      slotIn(stood.clock),
    );
  const read = () =>
    stood.engine.readSeats({ sdkAppId: tencent.sdkAppId, roomId: 'room' }, slotIn(stood.clock));
  const answerWith = (ErrorCode: number): void => {
    server.answer = (_seen, response) => {
      envelope(response, {
        ActionStatus: 'FAIL',
        ErrorCode,
        ErrorInfo: 'words of Tencent',
        RequestId: 'Id-9',
      });
    };
  };
  const ready = () =>
    eventually(() => stood.engine.ready >= usualLimits.warm, { within: 3_000, what: 'warm connections' });
  const signatures = (): (string | null)[] => server.seen.map(({ url }) => url.searchParams.get('usersig'));
  const counted = async (name: string): Promise<string[]> =>
    (await stood.metrics.exposition()).split('\n').filter((line) => line.startsWith(name));

  beforeEach(async () => {
    server = await LocalServer.start();
    stood = standEngine(server.url);
    await ready();
  });
  afterEach(async () => {
    stood.engine.close();
    await server.stop();
  });

  it("picks in Tencent's words, the account always as text", async () => {
    expect(await pick()).toMatchObject({ kind: 'done', code: 0, tencentRequestId: 'Id-1' });
    expect(server.seen[0]?.url.pathname).toBe('/v4/room_engine_http_mic/pick_user_on_seat');
    expect(server.seen[0]?.body).toBe('{"RoomId":"room","Member_Account":"007","Index":3}');
  });

  it("reads in Tencent's words, digit by digit", async () => {
    server.answer = (_seen, response) => {
      const seats = '{"SeatList":[{"Index":0,"Member_Account":144115233775727695,"IsTakenDisabled":false}]}';
      response.end(
        `{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":"","RequestId":"Id-2","Response":${seats}}`,
      );
    };
    expect(await read()).toMatchObject({
      kind: 'seats',
      seats: [{ index: 0, occupant: '144115233775727695', locked: false }],
    });
    expect(server.seen[0]?.url.pathname).toBe('/v4/room_engine_http_mic/get_seat_list');
    expect(server.seen[0]?.body).toBe('{"RoomId":"room"}');
  });

  it('calls nobody for an application that it does not know', async () => {
    const call = { command: 'pick', sdkAppId: 5, roomId: 'room', memberAccount: 'u', index: 0 } as const;
    expect(await stood.engine.call(call, slotIn(stood.clock))).toMatchObject({ kind: 'unsent' });
    expect(server.seen).toHaveLength(0);
  });

  it('signs anew after 70001 and after 70003, and leaves the repeat to the rules', async () => {
    for (const code of [70001, 70003]) {
      server.seen.length = 0;
      const machine = Date.now;
      answerWith(code);
      expect(await pick()).toMatchObject({
        kind: 'later',
        code,
        waitMs: 0,
        repeats: 1,
        pause: false,
        reason: 'misconfigured',
      });
      // Two signatures of one second are alike: the renewed one shows by its time.
      Date.now = () => machine() + code;
      await pick();
      await pick();
      Date.now = machine;
      expect(server.seen).toHaveLength(3);
      expect(new Set(signatures()).size).toBe(2);
    }
  });

  it('uses one signature for all calls, and keeps it when Tencent locks the checks', async () => {
    answerWith(70050);
    expect(await pick()).toMatchObject({ kind: 'later', waitMs: 60_000, repeats: null, pause: true });
    answerWith(70001);
    const machine = Date.now;
    Date.now = () => machine() + 5_000;
    await pick();
    await pick();
    Date.now = machine;
    expect(new Set(signatures()).size).toBe(1);
  });

  it('is bounded by its connections: what finds none free is unsent', async () => {
    const held: (() => void)[] = [];
    server.answer = (_seen, response) =>
      held.push(() => void response.end('{"ErrorCode":0,"ActionStatus":"OK"}'));
    const { warm } = usualLimits;
    const calls = Array.from({ length: warm + 2 }, () => pick());
    await eventually(() => server.seen.length === warm, { within: 3_000, what: 'all connections in use' });
    for (const release of held) release();
    const kinds = (await Promise.all(calls)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'done')).toHaveLength(warm);
    expect(kinds.filter((kind) => kind === 'unsent')).toHaveLength(2);
    expect(await counted('usher_slots_missed_total')).toEqual(['usher_slots_missed_total{command="pick"} 2']);
  });

  it('has no place for a call while Tencent cannot be reached', () => {
    expect(stood.engine.places.free('call')).toBeGreaterThan(0);
    const away = standEngine('http://127.0.0.1:1');
    expect(away.engine.places.free('call')).toBe(0);
    away.engine.close();
  });

  it('keeps calls back while Tencent gives no definite answers, and tells so in the metrics', async () => {
    server.answer = (_seen, response) => void response.writeHead(502).end('<html>');
    for (let each = 0; each < 20; each += 1) {
      await ready();
      expect(await pick()).toMatchObject({ kind: 'unknown' });
    }
    expect(stood.engine.places.free('call')).toBe(0);
    expect(stood.engine.places.free('read')).toBeGreaterThan(0);
    expect(await counted('usher_breaker_open')).toEqual(['usher_breaker_open{command="pick"} 1']);
    await eventually(() => stood.engine.places.free('call') === 1, {
      within: 3_000,
      what: 'one is let through',
    });
  });

  it('counts its calls by what became of them, and times them', async () => {
    await pick();
    for (const code of [100210, 60007, 70169, 424242, 60010]) {
      answerWith(code);
      await pick();
    }
    await read();
    expect((await counted('usher_calls_total')).sort()).toEqual(
      [
        'usher_calls_total{command="pick",class="ok"} 1',
        'usher_calls_total{command="pick",class="business"} 1',
        'usher_calls_total{command="pick",class="rate"} 1',
        'usher_calls_total{command="pick",class="ambiguous"} 1',
        'usher_calls_total{command="pick",class="strange"} 1',
        'usher_calls_total{command="pick",class="configuration"} 1',
        'usher_calls_total{command="read-seats",class="configuration"} 1',
      ].sort(),
    );
    expect(await counted('usher_call_seconds_count')).toEqual([
      'usher_call_seconds_count{command="pick"} 6',
      'usher_call_seconds_count{command="read-seats"} 1',
    ]);
  });

  it('says at ERROR what only a person can mend, once and not for every call', async () => {
    await pick();
    answerWith(100210);
    await pick();
    expect(stood.log.lines).toEqual([]);
    answerWith(60026);
    await pick();
    await pick();
    expect(stood.log.lines.map(({ level, message }) => [level, message])).toEqual([
      [
        'error',
        'Tencent: the host does not serve the region of the application; see TENCENT_BASE_URL; no call succeeds until it is mended',
      ],
    ]);
    answerWith(424242);
    await pick();
    expect(stood.log.lines[1]).toMatchObject({
      level: 'warn',
      fields: { command: 'pick', code: 424242, tencentRequestId: 'Id-9' },
    });
  });

  it('ends its idle connections at closing, lets a call in flight end, and sends nothing more', async () => {
    let release = (): void => undefined;
    server.answer = (_seen, response) => {
      release = () => void response.end('{"ErrorCode":0,"ActionStatus":"OK"}');
    };
    const inFlight = pick();
    await eventually(() => server.seen.length === 1, { within: 3_000, what: 'the call arrived' });
    stood.engine.close();
    await eventually(() => server.open.length === 1, { within: 3_000, what: 'the idle connections ended' });
    expect(await pick()).toMatchObject({ kind: 'unsent' });
    release();
    expect(await inFlight).toMatchObject({ kind: 'done' });
    await eventually(() => server.open.length === 0, { within: 3_000, what: 'the last connection ended' });
  });

  it('is what Nest gives for the port, and closes with the application', async () => {
    const settings = { tencent: { ...tencent, baseUrl: server.url } };
    const needs = [
      { provide: AppSettings, useValue: settings },
      { provide: Clock, useValue: stood.clock },
      { provide: Metrics, useValue: new Metrics() },
      { provide: Log, useValue: stood.log },
    ];
    const shared = {
      module: SharedModule,
      global: true,
      providers: needs,
      exports: needs.map(({ provide }) => provide),
    };
    const app = await Test.createTestingModule({ imports: [shared, TencentModule] }).compile();
    await app.init();
    const engine = app.get(RoomEngine);
    expect(engine).toBeInstanceOf(TencentRoomEngine);
    await eventually(() => server.sockets.length === 2 * usualLimits.warm, {
      within: 3_000,
      what: 'its connections',
    });
    await app.close();
    await eventually(() => server.open.length === usualLimits.warm, {
      within: 3_000,
      what: 'its connections ended',
    });
  });
});
