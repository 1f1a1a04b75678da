import { reasons } from '../../src/seating/reasons.js';
import { errorCodes } from '../../src/tencent/error-codes.js';
import { Stage } from '../support/stage/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set({ settings: { REQUEST_TTL_MS: '60000', TENCENT_TIMEOUT_MS: '3500' } });
}, 90_000);
afterAll(() => stage.close());

/** Codes that end a request at once. */
const definite = Object.entries(errorCodes).flatMap(([code, row]) =>
  row.class === 'business' || row.class === 'configuration' ? [{ code: Number(code), ...row }] : [],
);

it('has a definite code for every reason that only Tencent can give', () => {
  expect(new Set(definite.map(({ reason }) => reason))).toEqual(
    new Set([
      'room-not-found',
      'not-a-member',
      'seat-locked',
      'already-queued',
      'already-seated',
      'seats-full',
      'seat-occupied',
      'seats-disabled',
      'not-seated',
      'invalid-request',
      'not-allowed',
      'account-unknown',
      'misconfigured',
    ]),
  );
});

it('answers every definite code of Tencent with its reason, its advice and the code itself', async () => {
  const rooms = await Promise.all(definite.map(() => stage.room({ members: ['mia'] })));
  for (const [at, { code }] of definite.entries()) {
    const roomId = String(rooms[at]);
    // 100203 is repeated once when the member is found nowhere: it gets the same answer again.
    await stage.twin.addFaults({
      fault: { kind: 'code', code },
      roomId,
      command: 'pick_user_on_seat',
      times: 2,
    });
  }
  const outcomes = await stage.ask(rooms.map((roomId) => stage.pick(roomId, 'mia', 0)));
  expect(
    outcomes.map(({ status, reason, code, advice, decidedBy }) => ({
      status,
      reason,
      code,
      advice,
      decidedBy,
    })),
  ).toEqual(
    definite.map(({ class: kind, reason, code }) => ({
      status: kind === 'configuration' ? 'failed' : 'rejected',
      reason,
      code,
      advice: reasons[reason].advice,
      decidedBy: 'tencent',
    })),
  );
}, 60_000);

/** Codes after which it is tried again, at once, after a pause, or after a read. 70050 is left out: it pauses for a minute. */
const passing = Object.entries(errorCodes).flatMap(([code, row]) =>
  row.class === 'ok' || row.class === 'business' || row.class === 'configuration' || code === '70050'
    ? []
    : [Number(code)],
);

it('settles a request by its second call after every code that leaves room for one', async () => {
  const rooms = await Promise.all(passing.map(() => stage.room({ members: ['mia'] })));
  for (const [at, code] of passing.entries()) {
    const roomId = String(rooms[at]);
    await stage.twin.addFaults({
      fault: { kind: 'code', code },
      roomId,
      command: 'pick_user_on_seat',
      times: 1,
    });
  }
  const outcomes = await stage.ask(
    rooms.map((roomId) => stage.pick(roomId, 'mia', 0)),
    50_000,
  );
  expect(passing.length).toBeGreaterThan(15);
  expect(
    outcomes.map(({ status, code, attempts }, at) => ({ met: passing[at], status, code, attempts })),
  ).toEqual(passing.map((met) => ({ met, status: 'done', code: 0, attempts: 2 })));
}, 60_000);
