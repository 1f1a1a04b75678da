import { Stage } from '../support/stage/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set({
    settings: { MIRROR_MAX_AGE_WITHOUT_CALLBACKS_MS: '30000', REQUEST_TTL_MS: '60000' },
  });
}, 90_000);
afterAll(() => stage.close());

describe('five thousand rivals for one seat', () => {
  it('cost one call: the first in topic order sits, every other one is refused by the mirror', async () => {
    const members = Array.from({ length: 5000 }, (_, at) => `rival-${at}`);
    const roomId = await stage.room({ members });
    const [first, ...others] = await stage.ask(
      members.map((member) => stage.pick(roomId, member, 1)),
      60_000,
    );
    expect(first).toMatchObject({ status: 'done', memberAccount: 'rival-0' });
    const endings = new Set(
      others.map(({ status, reason, decidedBy, evidence }) =>
        [status, reason, decidedBy, evidence?.['occupant']].join(),
      ),
    );
    expect([...endings]).toEqual(['rejected,seat-occupied,mirror,rival-0']);
    expect(await stage.callsOf(roomId)).toHaveLength(1);
  });

  it('are published in topic order', () => {
    const published = stage.outcomes.map(({ value }) => Number(/"rival-(\d+)"/.exec(String(value))?.[1]));
    expect(published).toEqual([...published].sort((a, b) => a - b));
    expect(published).toHaveLength(5000);
  });
});

describe('sampling', () => {
  it('puts each piece of evidence to the test once, however many rest on it', async () => {
    await stage.enter({ MIRROR_AUDIT_SHARE: '1' });
    await stage.ushers[0]?.stop();
    const members = Array.from({ length: 200 }, (_, at) => `rival-${at}`);
    const roomId = await stage.room({ members });
    const outcomes = await stage.ask(members.map((member) => stage.pick(roomId, member, 2)));
    expect(outcomes[1]).toMatchObject({
      reason: 'seat-occupied',
      decidedBy: 'tencent',
      predicted: 'seat-occupied',
    });
    expect(
      outcomes.slice(2).every(({ decidedBy, predicted }) => decidedBy === 'mirror' && predicted === null),
    ).toBe(true);
    expect(await stage.callsOf(roomId)).toHaveLength(2);
    const audits = await stage.sql('select 1 from analytics.attempts where room_id = $1 and purpose = $2', [
      roomId,
      'audit',
    ]);
    expect(audits).toHaveLength(1);
  });
});
