import { Stage } from '../support/stage/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set({ partitions: 1, settings: { REQUEST_MAX_BYTES: '2000' } });
}, 90_000);
afterAll(() => stage.close());

describe('messages that cannot be read, among good ones of the same partition', () => {
  it('become dead letters that say why, untouched, and block nobody', async () => {
    const members = ['m0', 'm1', 'm2'];
    const roomId = await stage.room({ members });
    const good = members.map((member, at) => stage.pick(roomId, member, at));
    const json = (value: object): string => JSON.stringify(value);
    const bad = [
      { reason: 'empty', key: roomId, value: null },
      { reason: 'not-json', key: roomId, value: '{"requestId": ' },
      { reason: 'not-json', key: roomId, value: Buffer.from([0x7b, 0xff, 0x7d]) },
      { reason: 'schema-registry-framing', key: roomId, value: Buffer.from([0, 0, 0, 0, 7, 2, 4]) },
      {
        reason: 'identity',
        key: roomId,
        value: json({ type: 'pick', roomId, memberAccount: 'm', index: 1 }),
      },
      { reason: 'identity', key: roomId, value: json({ requestId: 'a\u0000b', type: 'pick', roomId }) },
      { reason: 'key-mismatch', key: 'another-room', value: json(stage.pick(roomId, 'm', 1)) },
      {
        reason: 'too-large',
        key: roomId,
        value: json({ ...stage.pick(roomId, 'm', 1), note: 'x'.repeat(3000) }),
      },
      { reason: 'request-id-reused', key: roomId, value: json({ ...good[0], index: 5 }) },
    ] as const;

    await stage.send(
      ...good.slice(0, 1),
      ...bad.map(({ key, value }) => ({ raw: { key, value, headers: { mark: 'kept' } } })),
      ...good.slice(1),
    );
    expect((await stage.outcomesOf(good)).map(({ status }) => status)).toEqual(['done', 'done', 'done']);
    await stage.until(
      () => stage.deadLetters.length >= bad.length,
      'every unreadable message is a dead letter',
    );

    const letters = [...stage.deadLetters].sort(
      (a, b) => Number(a.headers['dl_offset']) - Number(b.headers['dl_offset']),
    );
    expect(
      letters.map(({ key, value, headers }) => ({
        reason: headers['dl_reason'],
        key,
        value: value?.toString('hex') ?? null,
      })),
    ).toEqual(
      bad.map(({ reason, key, value }) => ({
        reason,
        key,
        value: value === null ? null : Buffer.from(value).toString('hex'),
      })),
    );
    for (const { headers } of letters) {
      expect(headers).toMatchObject({
        mark: 'kept',
        dl_partition: '0',
        dl_topic: stage.settings['KAFKA_TOPIC_REQUESTS'],
      });
      expect(headers['dl_detail']?.length).toBeGreaterThan(10);
    }
    const rows = await stage.sql<{ reason: string }>(
      'select reason from analytics.dead_letters order by kafka_offset',
    );
    expect(rows.map(({ reason }) => reason)).toEqual(bad.map(({ reason }) => reason));
  });

  it('are committed with the good ones: nothing is read again after a restart', async () => {
    const before = [stage.outcomes.length, stage.deadLetters.length];
    expect(await stage.ushers[0]?.stop()).toEqual({ code: 0, signal: null });
    await stage.enter();
    const roomId = await stage.room({ members: ['mia'] });
    await stage.ask([stage.pick(roomId, 'mia', 0)]);
    expect([stage.outcomes.length - 1, stage.deadLetters.length]).toEqual(before);
  });
});

describe('a message whose identity can be read and whose rest is wrong', () => {
  it('is answered, and told every fault with its field', async () => {
    const roomId = await stage.room({ members: ['mia'] });
    const request = {
      ...stage.pick(roomId, 'mia', 0),
      index: 'first',
      priority: 'urgent',
      deadline: 'tomorrow',
    };
    const [outcome] = await stage.ask([request]);
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: 'invalid-request',
      decidedBy: 'validation',
      attempts: 0,
      memberAccount: 'mia',
    });
    const errors = outcome?.['errors'] as { pointer: string; detail: string }[];
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['/deadline', '/index', '/priority']);
    expect(await stage.callsOf(roomId)).toHaveLength(0);
  });

  it('that comes behind a good one of the same id is a dead letter, and the good one is carried out', async () => {
    const roomId = await stage.room({ members: ['mia'] });
    const good = stage.pick(roomId, 'mia', 0);
    const letters = stage.deadLetters.length;
    await stage.send(good, { ...good, priority: 'urgent' }, { ...good, type: 'kick' });
    expect(await stage.outcomesOf([good])).toMatchObject([{ status: 'done' }]);
    await stage.until(() => stage.deadLetters.length === letters + 2, 'both others are dead letters');
    const told = stage.deadLetters.slice(letters).map(({ headers }) => headers['dl_reason']);
    expect(told).toEqual(['request-id-reused', 'request-id-reused']);
  });

  it('with a deadline before the year 1 is told so', async () => {
    const roomId = await stage.room({ members: ['mia'] });
    const [outcome] = await stage.ask([
      stage.pick(roomId, 'mia', 0, { deadline: '0001-01-01T00:00:00+23:59' }),
    ]);
    expect(outcome).toMatchObject({ reason: 'invalid-request', errors: [{ pointer: '/deadline' }] });
  });

  it.each(['kick', 'move', 'lock', 'unlock', 'cancel'])(
    'of type %s is told that this version does not do it',
    async (type) => {
      const roomId = await stage.room({ members: ['mia'] });
      const [outcome] = await stage.ask([{ ...stage.pick(roomId, 'mia', 0), type, targetRequestId: 'r' }]);
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: 'invalid-request',
        errors: [{ pointer: '/type' }],
      });
    },
  );

  it('for an application that is not configured says so', async () => {
    const roomId = await stage.room({ members: ['mia'] });
    const [outcome] = await stage.ask([{ ...stage.pick(roomId, 'mia', 0), sdkAppId: 7 }]);
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: 'invalid-request',
      errors: [{ pointer: '/sdkAppId' }],
    });
  });
});
