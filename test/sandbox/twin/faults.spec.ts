import fc from 'fast-check';
import type { CallRecord } from '../../../sandbox/twin/journal.js';
import type { Fault } from '../../../sandbox/twin/faults.js';
import { FaultBook } from '../../../sandbox/twin/faults.js';
import type { Twin } from '../../../sandbox/twin/server.js';
import { startTwin } from '../../../sandbox/twin/server.js';
import type { Answer } from './caller.js';
import { call, pick, seatList, until } from './caller.js';

const seatAnn = { RoomId: 'room', Member_Account: 'ann', Index: 0 };

describe('a fault', () => {
  let twin: Twin;

  beforeAll(async () => {
    twin = await startTwin({ latencyMeanMs: 2, latencyJitterMs: 0 });
  });
  afterAll(async () => {
    await twin.stop();
  });
  beforeEach(() => {
    twin.control.reset();
    twin.control.createRooms(
      ['room', 'other'].map((roomId) => ({ roomId, seats: 2, members: ['ann', 'bob'] })),
    );
  });

  const askWith = (fault: Fault, command = pick, body: object = seatAnn): Promise<Answer> => {
    twin.control.addFaults([{ fault, times: 1 }]);
    return call(twin.url, command, body);
  };
  const holder = (): string | null | undefined => twin.control.room('room').seats[0]?.memberAccount;
  const last = (): CallRecord | undefined => twin.control.calls().entries.at(-1);

  it('answer-lost: takes effect, and the connection is cut', async () => {
    await expect(askWith({ kind: 'answer-lost' })).rejects.toThrow(/hang up|ECONNRESET/);
    expect(holder()).toBe('ann');
    expect(last()).toMatchObject({ fault: 'answer-lost', resultCode: 0, answerCode: null, answeredAt: null });
  });

  it('request-lost: the connection is cut, and nothing takes effect', async () => {
    await expect(askWith({ kind: 'request-lost' })).rejects.toThrow(/hang up|ECONNRESET/);
    expect(holder()).toBeNull();
    expect(last()).toMatchObject({ fault: 'request-lost', executedAt: null, resultCode: null });
  });

  it.each([false, true])('no-answer: the connection stays open; executed: %s', async (executes) => {
    const patience = new AbortController();
    twin.control.addFaults([{ fault: { kind: 'no-answer', executes }, times: 1 }]);
    const answer = call(twin.url, pick, seatAnn, { signal: patience.signal });
    // A later call is answered in the meantime: this one is held, not slow.
    await until('fault met', () => last()?.fault === 'no-answer');
    await call(twin.url, seatList, { RoomId: 'room' });
    expect(twin.control.stats().open).toBe(1);
    expect(holder()).toBe(executes ? 'ann' : null);
    patience.abort();
    await expect(answer).rejects.toThrow(/abort/);
    await until('connection closed', () => twin.control.stats().open === 0);
  });

  it('late: executed after the delay, answered after that', async () => {
    const answer = await askWith({ kind: 'late', delayMs: 120, answer: 'after' });
    const { arrivedAt = 0, executedAt, answeredAt } = last() ?? {};
    expect(answer.code).toBe(0);
    expect((executedAt ?? 0) - arrivedAt).toBeGreaterThanOrEqual(119);
    expect(answeredAt ?? 0).toBeGreaterThanOrEqual(executedAt ?? Infinity);
  });

  it('late and cut: the caller is cut off first, the effect comes later', async () => {
    await expect(askWith({ kind: 'late', delayMs: 120, answer: 'cut' })).rejects.toThrow(
      /hang up|ECONNRESET/,
    );
    expect(holder()).toBeNull();
    await until('late execution', () => holder() === 'ann');
    expect((last()?.executedAt ?? 0) - (last()?.arrivedAt ?? 0)).toBeGreaterThanOrEqual(119);
  });

  it('late: what is executed meets the room as it is by then', async () => {
    const answer = askWith({ kind: 'late', delayMs: 60, answer: 'after' });
    await until('arrival', () => last()?.fault === 'late');
    twin.control.changeSeats('room', [{ index: 0, member: 'bob' }]);
    expect((await answer).code).toBe(100210);
  });

  it('slow: executed at once, answered when told', async () => {
    const answer = await askWith({ kind: 'slow', latencyMs: 120 });
    const { arrivedAt = 0, executedAt, answeredAt } = last() ?? {};
    expect(answer.code).toBe(0);
    expect((answeredAt ?? 0) - (executedAt ?? Infinity)).toBeGreaterThanOrEqual(110);
    expect((answeredAt ?? 0) - arrivedAt).toBeGreaterThanOrEqual(119);
  });

  it.each([
    [undefined, false, 502],
    [undefined, true, 502],
    [404, false, 404],
    [500, true, 500],
  ])('http-error: status %s, executed %s', async (status, executes, told) => {
    const answer = await askWith({ kind: 'http-error', status, executes });
    expect(answer).toMatchObject({ status: told, type: 'text/html', code: null });
    expect(answer.text).toContain('<html>');
    expect(holder()).toBe(executes ? 'ann' : null);
    expect(last()).toMatchObject({ httpStatus: told, answerCode: null });
  });

  it.each([
    [100001, true],
    [100001, false],
    [199999, false],
    [60007, false],
    [70050, false],
    [100005, true],
  ])('code: %i, executed %s', async (code, executes) => {
    const answer = await askWith({ kind: 'code', code, executes });
    expect(answer).toMatchObject({ status: 200, code, body: { ActionStatus: 'FAIL' } });
    expect(holder()).toBe(executes ? 'ann' : null);
    expect(last()).toMatchObject({ answerCode: code, resultCode: executes ? 0 : null });
  });

  it.each([true, false])(
    'fail-status: ActionStatus FAIL beside ErrorCode 0, executed %s',
    async (executes) => {
      const answer = await askWith({ kind: 'fail-status', executes });
      expect(answer.body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: 0 });
      expect(holder()).toBe(executes ? 'ann' : null);
    },
  );

  it('truncated: half of the body as if it were all, after taking effect', async () => {
    const answer = await askWith({ kind: 'truncated' });
    expect(answer).toMatchObject({ status: 200, code: null });
    expect(answer.text).toMatch(/^\{"ErrorCode":0/);
    expect(holder()).toBe('ann');
  });

  it('truncated and cut: the connection breaks in the middle of the body', async () => {
    await expect(askWith({ kind: 'truncated', cut: true })).rejects.toThrow(/aborted|ECONNRESET/);
    expect(holder()).toBe('ann');
  });

  it('stale-read: one read shows the past, the next the present', async () => {
    twin.control.changeSeats('room', [{ index: 0, member: 'ann' }]);
    const stale = await askWith({ kind: 'stale-read', stalenessMs: 10_000 }, seatList, { RoomId: 'room' });
    expect(stale.text).not.toContain('ann');
    expect((await call(twin.url, seatList, { RoomId: 'room' })).text).toContain('ann');
  });

  it('is met by the next so many calls that match by command, room and member, and by no other', async () => {
    twin.control.addFaults([
      {
        fault: { kind: 'code', code: 1 },
        command: 'pick_user_on_seat',
        roomId: 'room',
        memberAccount: 'ann',
        times: 2,
      },
    ]);
    const codes = [];
    for (const body of [
      { ...seatAnn, RoomId: 'other' },
      { ...seatAnn, Member_Account: 'bob', Index: 1 },
      seatAnn,
    ]) {
      codes.push((await call(twin.url, pick, body)).code);
    }
    codes.push((await call(twin.url, seatList, { RoomId: 'room' })).code);
    for (let n = 0; n < 2; n++) codes.push((await call(twin.url, pick, seatAnn)).code);
    expect(codes).toEqual([0, 0, 1, 0, 1, 0]);
    expect(twin.control.faults()).toEqual([]);
  });

  it('is not used up by a call that the gateway refuses', async () => {
    twin.control.addFaults([{ fault: { kind: 'code', code: 1 }, times: 1 }]);
    expect((await call(twin.url, pick, seatAnn, { query: { usersig: 'x' } })).code).toBe(70003);
    expect(twin.control.faults()).toMatchObject([{ left: 1 }]);
  });

  it('stands until it is cleared when no number is named', async () => {
    twin.control.addFaults([{ fault: { kind: 'code', code: 1 } }]);
    for (let n = 0; n < 3; n++) expect((await call(twin.url, pick, seatAnn)).code).toBe(1);
    twin.control.clearFaults();
    expect((await call(twin.url, pick, seatAnn)).code).toBe(0);
  });

  it('stands from the start when chosen then, and again after a reset', async () => {
    const faulty = await startTwin({ faults: [{ fault: { kind: 'code', code: 1 }, times: 1 }] });
    const codes = [await call(faulty.url, pick, seatAnn), await call(faulty.url, pick, seatAnn)];
    faulty.control.reset();
    codes.push(await call(faulty.url, pick, seatAnn));
    await faulty.stop();
    expect(codes.map(({ code }) => code)).toEqual([1, 100004, 1]);
  });
});

describe('the book of faults', () => {
  const target = {
    command: 'room_engine_http_mic/get_seat_list',
    sdkAppId: 1,
    roomId: 'r',
    memberAccount: null,
  };

  it('meets the share that is named, by the draw', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (share, draw) => {
          const book = new FaultBook(() => draw);
          book.add([{ fault: { kind: 'answer-lost' }, share }]);
          expect(book.next(target) !== null).toBe(draw < share);
        },
      ),
    );
  });

  it('takes the command with or without its service, but no part of its name', () => {
    const named = (command: string): string | undefined => {
      const book = new FaultBook(() => 0);
      book.add([{ fault: { kind: 'answer-lost' }, command }]);
      return book.next(target)?.kind;
    };
    expect(named('get_seat_list')).toBe('answer-lost');
    expect(named('room_engine_http_mic/get_seat_list')).toBe('answer-lost');
    expect(named('seat_list')).toBeUndefined();
  });

  it('takes the oldest rule that matches', () => {
    const book = new FaultBook(() => 0);
    book.add([
      { fault: { kind: 'answer-lost' }, sdkAppId: 2 },
      { fault: { kind: 'request-lost' } },
      { fault: { kind: 'truncated' } },
    ]);
    expect(book.next(target)?.kind).toBe('request-lost');
  });
});
