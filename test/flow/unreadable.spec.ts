import { Stage } from '../support/stage/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set({ partitions: 1 });
}, 90_000);
afterAll(() => stage.close());

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
