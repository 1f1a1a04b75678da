import { AbandonedClaims } from '../../src/postgres/abandoned-claims.js';
import { callOf, Desk, doneBy, never } from '../contracts/records-under-test.js';
import { FakeClock } from '../support/fakes/fake-clock.js';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { StandingRecords } from './standing-records.js';

describe('claims that nobody settles', () => {
  let fresh: FreshDatabase;
  let standing: StandingRecords;
  let desk: Desk;
  let time: FakeClock;
  let abandoned: AbandonedClaims;

  beforeEach(async () => {
    fresh = await freshDatabase();
    standing = await StandingRecords.start(fresh.url);
    const { records, clock } = standing;
    desk = new Desk({
      records,
      other: records,
      now: () => clock.now(),
      attempts: () => standing.attempts(),
      shutBudget: () => Promise.resolve(),
    });
    time = new FakeClock();
    const { settings, log } = standing.parts;
    abandoned = new AbandonedClaims(standing.database, time, settings, log);
  });

  afterEach(async () => {
    await standing.stop();
    await fresh.drop();
  });

  /** Two looks, far enough apart. */
  const lookTwice = async (): Promise<void> => {
    await abandoned.look();
    await time.advance(30_000);
    await abandoned.look();
  };
  const hoursPass = (interval: string) =>
    standing.rows(
      `UPDATE seat_requests SET slot_at = slot_at - interval '${interval}', quiet_at = quiet_at - interval '${interval}'`,
    );

  it('are left alone until every owner must have given up: the longest deadline, the quiet time, and a minute', async () => {
    const request = desk.pick();
    const claim = await desk.claim(request);
    await hoursPass('369 seconds');
    await lookTwice();
    expect(await standing.records.find(request)).toMatchObject({
      state: 'claimed',
      claim: { nonce: claim.nonce },
    });
    await hoursPass('3 seconds');
    await lookTwice();
    expect(await standing.records.find(request)).toMatchObject({ state: 'released' });
  });

  it('are left alone when the database’s clock was only set forward: they are watched on our own', async () => {
    const request = desk.pick();
    await desk.claim(request);
    await hoursPass('1 hour');
    await abandoned.look();
    await time.advance(24_999);
    await abandoned.look();
    expect(await standing.records.find(request)).toMatchObject({ state: 'claimed' });
    await time.advance(1);
    await abandoned.look();
    expect(await standing.records.find(request)).toMatchObject({ state: 'released' });
  });

  it('are released with a result that is unknown, so that whoever comes reads the seats back first', async () => {
    const request = desk.pick();
    const claim = await desk.claim(request);
    await hoursPass('1 hour');
    await lookTwice();
    const known = await standing.records.find(request);
    expect(known).toMatchObject({
      state: 'released',
      claim: { attempt: 1, answers: [{ kind: 'unknown', strange: false, code: null }] },
    });
    if (known?.state !== 'released') throw new Error('not released');
    const [answer] = known.claim.answers;
    expect(answer?.sentAt).toBeCloseTo(claim.slotAt - 3_600_000, 0);
    expect(known.claim.nonce).not.toBe(claim.nonce);
    expect(standing.parts.log.count('warn')).toBe(1);
  });

  it('keep their rivals waiting no more, and can still be settled by their owners', async () => {
    const request = desk.pick();
    await desk.claim(request);
    const rival = desk.pick({ requestId: 'rival', memberAccount: 'user3' });
    const intent = { request: rival, call: callOf(rival), prior: null, sample: null };
    expect(await standing.records.claim(intent, never)).toEqual({ kind: 'rival' });
    await hoursPass('1 hour');
    await lookTwice();
    expect(await standing.records.claim(intent, never)).toMatchObject({ kind: 'claimed' });
    const known = await standing.records.find(request);
    if (known?.state !== 'released') throw new Error('not released');
    expect(await standing.records.settle(known.claim, doneBy(request), null)).toBe('recorded');
  });

  it('do no harm where they cannot be released: it is told, and tried again', async () => {
    await desk.claim(desk.pick());
    await hoursPass('1 hour');
    await standing.rows('ALTER TABLE seat_requests DROP COLUMN answers');
    await lookTwice();
    expect(standing.parts.log.count('warn')).toBe(1);
  });
});
