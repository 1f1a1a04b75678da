import type { CallRecord } from '../../../sandbox/twin/journal.js';
import type { Twin } from '../../../sandbox/twin/server.js';
import { startTwin } from '../../../sandbox/twin/server.js';
import { call, pick, seatList } from './caller.js';

const read = { RoomId: 'room' };

describe('the twin under calls', () => {
  let twin: Twin;

  beforeAll(async () => {
    twin = await startTwin();
  });
  afterAll(async () => {
    await twin.stop();
  });
  beforeEach(() => {
    twin.control.reset();
    twin.control.createRooms([{ roomId: 'room', seats: 2, members: ['ann'] }]);
  });

  const burst = async (count: number, command: string, body: object): Promise<(number | null)[]> => {
    const answers = await Promise.all(Array.from({ length: count }, () => call(twin.url, command, body)));
    return answers.map(({ code }) => code);
  };
  const refused = (codes: (number | null)[]): number => codes.filter((code) => code === 60007).length;
  const records = (): readonly CallRecord[] => twin.control.calls().entries;

  it('refuses the calls beyond the limit and executes none of them', async () => {
    twin.control.changeOptions({ limitPerSecond: 20 });
    const codes = await burst(25, seatList, read);
    expect(refused(codes)).toBe(5);
    expect(records().filter(({ overLimit }) => overLimit)).toHaveLength(5);
    expect(records().filter(({ executedAt }) => executedAt === null)).toHaveLength(5);
  });

  it('gives every command its own limit, or all of them one', async () => {
    twin.control.changeOptions({ limitPerSecond: 3 });
    expect(refused([...(await burst(3, seatList, read)), ...(await burst(3, pick, {}))])).toBe(0);
    twin.control.reset();
    twin.control.changeOptions({ limitPerSecond: 3, limitScope: 'application' });
    expect(refused([...(await burst(3, seatList, read)), ...(await burst(3, pick, {}))])).toBe(3);
  });

  it('counts calls that it refuses for other reasons, too', async () => {
    twin.control.changeOptions({ limitPerSecond: 3 });
    const bad = await Promise.all(
      [1, 2, 3].map(() => call(twin.url, pick, {}, { query: { usersig: 'bad' } })),
    );
    expect(bad.map(({ code }) => code)).toEqual([70003, 70003, 70003]);
    expect((await call(twin.url, pick, {})).code).toBe(60007);
  });

  it('measures calls, refusals and the worst sliding second per command and in all', async () => {
    twin.control.changeOptions({ limitPerSecond: 4 });
    await burst(5, seatList, read);
    await burst(2, pick, {});
    const { overall, commands, eventLoop } = twin.control.stats();
    expect(overall).toMatchObject({ calls: 7, refused: 1 });
    expect(
      commands.map(({ command, calls, refused, worstSecond }) => [
        command,
        calls,
        refused,
        worstSecond.calls,
      ]),
    ).toEqual([
      [seatList, 5, 1, 5],
      [pick, 2, 0, 2],
    ]);
    expect(eventLoop.worstStallMs).toBeGreaterThanOrEqual(0);
  });

  it('tells of its own stalls', async () => {
    twin.control.reset();
    const until = performance.now() + 60;
    while (performance.now() < until);
    await call(twin.url, seatList, read);
    const { stalls, worstStallMs, recent } = twin.control.stats().eventLoop;
    expect(stalls).toBeGreaterThanOrEqual(1);
    expect(worstStallMs).toBeGreaterThanOrEqual(50);
    expect(Math.max(...recent.map(({ ms }) => ms))).toBe(worstStallMs);
  });

  it('stamps calls in order, before they are executed, before they are answered', async () => {
    await burst(10, seatList, read);
    const stamps = records().map(({ arrivedMicros }) => arrivedMicros);
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b));
    for (const { arrivedAt, executedAt, answeredAt } of records()) {
      expect(arrivedAt).toBeLessThanOrEqual(executedAt ?? 0);
      expect(executedAt).toBeLessThanOrEqual(answeredAt ?? 0);
    }
  });

  it('writes down what it was asked and what it told, under the RequestId it gave', async () => {
    const { body } = await call(twin.url, pick, { RoomId: 'room', Member_Account: 'ann', Index: 1 });
    expect(records()).toMatchObject([
      {
        n: 1,
        command: pick,
        sdkAppId: 1400000000,
        body: { RoomId: 'room', Member_Account: 'ann', Index: 1 },
        resultCode: 0,
        answerCode: 0,
        httpStatus: 200,
        fault: null,
        requestId: body['RequestId'],
      },
    ]);
  });

  it('takes its time as chosen', async () => {
    twin.control.changeOptions({ latencyMeanMs: 80, latencyJitterMs: 20 });
    await burst(10, seatList, read);
    const took = records().map(({ arrivedAt, answeredAt }) => (answeredAt ?? 0) - arrivedAt);
    expect(Math.min(...took)).toBeGreaterThanOrEqual(58);
    expect(Math.max(...took) - Math.min(...took)).toBeGreaterThan(5);
  });

  it('cuts open calls at a reset and never executes them', async () => {
    twin.control.changeOptions({ latencyMeanMs: 60_000, latencyJitterMs: 0 });
    const answer = call(twin.url, pick, { RoomId: 'room', Member_Account: 'ann', Index: 1 });
    const cut = expect(answer).rejects.toThrow(/hang up|ECONNRESET/);
    while (twin.control.stats().open === 0) await new Promise(setImmediate);
    twin.control.reset();
    await cut;
    expect(twin.control.stats()).toMatchObject({ open: 0, rooms: 0, overall: { calls: 0 } });
  });
});

describe('several applications', () => {
  it('have rooms, keys and limits of their own', async () => {
    const application = (sdkAppId: number) => ({
      sdkAppId,
      secretKey: 'k'.repeat(64),
      administrators: ['administrator'],
    });
    const twin = await startTwin({ applications: [application(1), application(2)], limitPerSecond: 1 });
    twin.control.createRooms([{ roomId: 'room', seats: 1, sdkAppId: 2 }]);
    const { signUserSig } = await import('../../../sandbox/twin/user-sig.js');
    const ask = async (sdkAppId: number): Promise<number | null> => {
      const time = Math.floor(Date.now() / 1000);
      const usersig = signUserSig(
        { identifier: 'administrator', sdkAppId, time, expire: 60 },
        'k'.repeat(64),
      );
      return (await call(twin.url, seatList, read, { query: { sdkappid: String(sdkAppId), usersig } })).code;
    };
    expect([await ask(1), await ask(2), await ask(2)]).toEqual([100004, 0, 60007]);
    expect(twin.control.room('room', 2).sdkAppId).toBe(2);
    await twin.stop();
  });
});
