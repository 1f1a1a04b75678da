import { Stage } from '../support/stage/stage.js';
import type { WireOutcome } from '../support/stage/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set({ settings: { MIRROR_MAX_AGE_WITHOUT_CALLBACKS_MS: '30000' } });
}, 90_000);
afterAll(() => stage.close());

/** Asks one after the other: each knows what came of those before. */
async function inTurn(...requests: readonly { readonly requestId: string }[]): Promise<WireOutcome[]> {
  const outcomes: WireOutcome[] = [];
  for (const request of requests) outcomes.push(...(await stage.ask([request])));
  return outcomes;
}

describe('a pick', () => {
  it('of a free seat is done, with every field of the contract', async () => {
    const roomId = await stage.room({ members: ['mia'] });
    const request = stage.pick(roomId, 'mia', 3, {
      source: 'game-7',
      requestedBy: 'host',
      correlationId: 'c-1',
      metadata: { round: '2' },
    });
    const [outcome] = await stage.ask([request]);
    expect(outcome).toMatchObject({
      requestId: request.requestId,
      type: 'pick',
      sdkAppId: 1400000000,
      roomId,
      memberAccount: 'mia',
      index: 3,
      requestedIndex: 3,
      fromIndex: null,
      displacedAccount: null,
      status: 'done',
      reason: null,
      advice: 'none',
      code: 0,
      decidedBy: 'tencent',
      evidence: null,
      attempts: 1,
      tencentRequestId: expect.stringMatching(/^Id-[0-9a-f]{32}-O-Seq-\d+$/) as unknown,
      errors: null,
      requestedBy: 'host',
      source: 'game-7',
      correlationId: 'c-1',
      metadata: { round: '2' },
    });
    expect((await stage.twin.room(roomId)).seats[3]).toMatchObject({ memberAccount: 'mia' });
    expect(await stage.callsOf(roomId)).toHaveLength(1);
  });

  it('travels as a CloudEvent under an id of its own, keyed by its room', async () => {
    const roomId = await stage.room({ members: ['mia'] });
    const request = stage.pick(roomId, 'mia', 0);
    const [outcome] = await stage.ask([request]);
    const [message] = stage.copiesOf(request.requestId);
    expect(message?.key).toBe(roomId);
    expect(message?.headers).toMatchObject({
      ce_specversion: '1.0',
      ce_id: outcome?.['outcomeId'],
      ce_type: 'seat.outcome.v1',
      ce_source: '/usher/apps/1400000000',
      ce_subject: roomId,
      ce_partitionkey: roomId,
      ce_time: outcome?.['settledAt'],
    });
  });

  it('of the very seat that the member holds is done, already there', async () => {
    const roomId = await stage.room({ members: ['mia'] });
    const [, second] = await inTurn(stage.pick(roomId, 'mia', 2), stage.pick(roomId, 'mia', 2));
    expect(second).toMatchObject({ status: 'done', reason: 'already-there', index: 2 });
  });

  it('is settled by the first attempt after Tencent asked for a pause', async () => {
    const roomId = await stage.room({ members: ['mia'] });
    await stage.twin.addFaults({
      fault: { kind: 'code', code: 60007 },
      roomId,
      command: 'pick_user_on_seat',
      times: 1,
    });
    const [outcome] = await stage.ask([stage.pick(roomId, 'mia', 0)]);
    expect(outcome).toMatchObject({ status: 'done', attempts: 2 });
    expect(await stage.callsOf(roomId)).toHaveLength(2);
  });
});

describe('a pick that the mirror can refuse costs no call', () => {
  /** Each: what makes the evidence, the request, and the refusal it foretells. */
  const cases: readonly {
    readonly reason: string;
    readonly code: number;
    readonly room: Parameters<Stage['room']>[0];
    readonly first: readonly [member: string, index: number];
    readonly then: readonly [member: string, index: number];
    readonly evidence: object;
  }[] = [
    {
      reason: 'seat-occupied',
      code: 100210,
      room: { members: ['tom', 'mia'] },
      first: ['tom', 1],
      then: ['mia', 1],
      evidence: { source: 'own-call', occupant: 'tom' },
    },
    {
      reason: 'already-seated',
      code: 100203,
      room: { members: ['mia'] },
      first: ['mia', 1],
      then: ['mia', 2],
      evidence: { source: 'own-call', occupant: 'mia' },
    },
    {
      reason: 'seat-locked',
      code: 100200,
      room: { members: ['tom', 'mia'], locked: [4] },
      first: ['tom', 4],
      then: ['mia', 4],
      evidence: { source: 'rejection', occupant: null },
    },
    {
      reason: 'seats-disabled',
      code: 100211,
      room: { members: ['tom', 'mia'], seatsEnabled: false },
      first: ['tom', 0],
      then: ['mia', 0],
      evidence: { source: 'rejection', occupant: null },
    },
    {
      reason: 'no-such-seat',
      code: 100002,
      room: { members: ['tom', 'mia'], seats: 4 },
      first: ['tom', 4],
      then: ['mia', 9],
      evidence: { source: 'read' },
    },
    {
      reason: 'not-a-member',
      code: 100005,
      room: { members: ['tom'] },
      first: ['eve', 0],
      then: ['eve', 1],
      evidence: { source: 'rejection', occupant: null },
    },
  ];

  it.each(cases)('$reason ($code)', async ({ reason, code, room, first, then, evidence }) => {
    const roomId = await stage.room(room);
    await stage.ask([stage.pick(roomId, ...first)]);
    const calls = (await stage.callsOf(roomId)).length;
    const [outcome] = await stage.ask([stage.pick(roomId, ...then)]);
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason,
      code,
      decidedBy: 'mirror',
      attempts: 0,
      evidence,
    });
    expect(outcome?.evidence?.['ageMs']).toBeGreaterThanOrEqual(0);
    expect(await stage.callsOf(roomId)).toHaveLength(calls);
  });

  it('seats-full (100205), once a read has shown who holds the seat', async () => {
    const roomId = await stage.room({ seats: 2, members: ['tom', 'ann', 'mia', 'eve'] });
    await stage.twin.changeSeats(roomId, [
      { index: 0, member: 'tom' },
      { index: 1, member: 'ann' },
    ]);
    const [first, second] = await inTurn(stage.pick(roomId, 'mia', 0), stage.pick(roomId, 'eve', 1));
    expect(first).toMatchObject({ reason: 'seats-full', code: 100205, decidedBy: 'tencent' });
    expect(second).toMatchObject({ reason: 'seats-full', code: 100205, decidedBy: 'mirror' });
    expect(await stage.callsOf(roomId)).toHaveLength(1);
  });

  it('room-not-found (100004), for a second', async () => {
    const roomId = 'room-that-nobody-made';
    const requests = [
      stage.pick(roomId, 'mia', 0),
      stage.pick(roomId, 'tom', 0),
      stage.pick(roomId, 'eve', 0),
    ];
    const outcomes = await stage.ask(requests);
    expect(outcomes.map(({ reason, decidedBy }) => [reason, decidedBy])).toEqual([
      ['room-not-found', 'tencent'],
      ['room-not-found', 'mirror'],
      ['room-not-found', 'mirror'],
    ]);
    expect(await stage.callsOf(roomId)).toHaveLength(1);
  });
});

describe('requests of one room', () => {
  it('onto twelve seats travel side by side', async () => {
    const members = Array.from({ length: 12 }, (_, at) => `member-${at}`);
    const roomId = await stage.room({ seats: 12, members });
    await stage.twin.addFaults({
      fault: { kind: 'slow', latencyMs: 400 },
      roomId,
      command: 'pick_user_on_seat',
    });
    const outcomes = await stage.ask(members.map((member, at) => stage.pick(roomId, member, at)));
    expect(outcomes.map(({ status }) => status)).toEqual(members.map(() => 'done'));
    const calls = await stage.callsOf(roomId);
    expect(calls).toHaveLength(12);
    // The last one arrived before the first was answered: all twelve were under way together.
    const lastArrival = Math.max(...calls.map(({ arrivedAt }) => arrivedAt));
    expect(lastArrival).toBeLessThan(Math.min(...calls.map(({ answeredAt }) => answeredAt ?? 0)));
  });
});

describe('one id', () => {
  it('sent again, in another spelling, gets the same bytes again and costs no call', async () => {
    const roomId = await stage.room({ members: ['mia'] });
    const request = stage.pick(roomId, 'mia', 1);
    await stage.ask([request]);
    const { index, memberAccount, ...rest } = request;
    await stage.send({ memberAccount, index: index, ...rest, unknown: 'field' });
    await stage.ask([stage.pick(roomId, 'mia', 1)]);
    const copies = stage.copiesOf(request.requestId);
    expect(copies.length).toBeGreaterThanOrEqual(2);
    expect(
      new Set(copies.map(({ value, headers }) => `${String(value)}${JSON.stringify(headers)}`)).size,
    ).toBe(1);
  });

  it('sent twice at once is settled once', async () => {
    const roomId = await stage.room({ members: ['mia'] });
    const request = stage.pick(roomId, 'mia', 1);
    await stage.send(request, request, request);
    await stage.outcomesOf([request]);
    await stage.ask([stage.pick(roomId, 'mia', 1)]);
    expect(new Set(stage.copiesOf(request.requestId).map(({ value }) => String(value))).size).toBe(1);
    const history = await stage.sql('select 1 from analytics.requests where request_id = $1', [
      request.requestId,
    ]);
    expect(history).toHaveLength(1);
  });
});

describe('a deadline', () => {
  it('that has passed expires the request without a call', async () => {
    const roomId = await stage.room({ members: ['mia'] });
    const deadline = new Date(Date.now() - 1000).toISOString();
    const [outcome] = await stage.ask([stage.pick(roomId, 'mia', 0, { deadline })]);
    expect(outcome).toMatchObject({
      status: 'expired',
      decidedBy: 'deadline',
      attempts: 0,
      advice: 'try-again-later',
    });
    expect(await stage.callsOf(roomId)).toHaveLength(0);
  });

  it('that passes while a rival is under way expires the request, and those behind keep waiting', async () => {
    const roomId = await stage.room({ members: ['tom', 'mia', 'eve'] });
    await stage.twin.addFaults({
      fault: { kind: 'slow', latencyMs: 1500 },
      roomId,
      command: 'pick_user_on_seat',
      times: 1,
    });
    const deadline = new Date(Date.now() + 700).toISOString();
    const [tom, mia, eve] = await stage.ask([
      stage.pick(roomId, 'tom', 0),
      stage.pick(roomId, 'mia', 0, { deadline }),
      stage.pick(roomId, 'eve', 0),
    ]);
    expect(tom).toMatchObject({ status: 'done' });
    expect(mia).toMatchObject({ status: 'expired', attempts: 0 });
    expect(eve).toMatchObject({ status: 'rejected', reason: 'seat-occupied', decidedBy: 'mirror' });
  });
});
