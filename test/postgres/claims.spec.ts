import type { Claim, SeatRecords, Slot } from '../../src/commands/ports.js';
import type { PickRequest } from '../../src/seating/seat-request.js';
import { callOf, doneBy } from '../contracts/records-under-test.js';
import { aPick } from '../support/builders/requests.js';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { StandingRecords } from './standing-records.js';

const limit = 200;
/** Two slots are at least so far apart: a second and the allowance of 25 ms, for 200 calls. In microseconds. */
const spacing = 5_126;

/** Our sending strays from the slot by so much at the most, grace, clock mapping and path together. */
const jitterMs = 25;

/** The most moments (milliseconds) in any second or other window, both ends counted. */
function worst(moments: readonly number[], windowMs = 1_000): number {
  const sorted = moments.toSorted((a, b) => a - b);
  let most = 0;
  let first = 0;
  sorted.forEach((moment, at) => {
    while (moment - (sorted[first] ?? moment) > windowMs) first += 1;
    most = Math.max(most, at - first + 1);
  });
  return most;
}

describe('claims of four instances on one budget', () => {
  let fresh: FreshDatabase;
  let instances: StandingRecords[];

  beforeEach(async () => {
    fresh = await freshDatabase();
    instances = await Promise.all(Array.from({ length: 4 }, () => StandingRecords.start(fresh.url)));
  });

  afterEach(async () => {
    await Promise.all(instances.map((instance) => instance.stop()));
    await fresh.drop();
  });

  const pickAt = (instance: StandingRecords, name: string): PickRequest => {
    const now = instance.clock.now();
    return aPick({
      requestId: name,
      roomId: `room ${name}`,
      receivedAt: now,
      requestedAt: now,
      deadline: now + 30_000,
    });
  };
  const claim = (records: SeatRecords, request: PickRequest) => {
    const { signal } = new AbortController();
    return records.claim({ request, call: callOf(request), prior: null, sample: null }, signal);
  };
  /** All claims of a backlog that the instances have at once; fails where one is not claimed. */
  const workOff = async (requests: number): Promise<{ request: PickRequest; claim: Claim }[]> => {
    const backlog = instances.flatMap((instance, n) =>
      Array.from({ length: requests / instances.length }, async (_, m) => {
        const request = pickAt(instance, `${n}.${m}`);
        const claimed = await claim(instance.records, request);
        if (claimed.kind !== 'claimed') throw new Error(claimed.kind);
        return { request, claim: claimed.claim };
      }),
    );
    return Promise.all(backlog);
  };
  /** The slots as they are in the rows, in microseconds. */
  const slots = async (): Promise<number[]> => {
    const rows = await (instances[0] as StandingRecords).rows<{ us: string }>(
      'SELECT (extract(epoch FROM slot_at) * 1000000)::bigint::text AS us FROM attempts ORDER BY slot_at',
    );
    return rows.map(({ us }) => Number(us));
  };
  const gaps = (sorted: readonly number[]): number[] =>
    sorted.slice(1).map((at, n) => at - (sorted[n] ?? at));

  it('are never closer than the spacing, so that no second holds more than the limit whatever they stray, and use nearly all of it', async () => {
    const claims = await workOff(400);
    const taken = await slots();
    expect(taken).toHaveLength(400);
    expect(Math.min(...gaps(taken))).toBeGreaterThanOrEqual(spacing);
    expect(
      worst(
        taken.map((us) => us / 1000),
        1_000 + jitterMs,
      ),
    ).toBeLessThanOrEqual(limit);
    // The first ones come one by one, until every instance has its queue.
    const steady = taken.slice(20, -20);
    const span = (steady.at(-1) ?? 0) - (steady[0] ?? 0);
    expect(span / spacing).toBeLessThan((steady.length - 1) / 0.95);
    // On the clock of this process, which all four share: as far apart, but for the mapping.
    const sent = claims.map(({ claim: { slot } }) => slot.monotonicAt);
    expect(worst(sent)).toBeLessThanOrEqual(limit);
  });

  it.each([-10, 10])(
    'leave no second above the limit when the clock is set by %d s under backlog',
    async (seconds) => {
      const used: Slot[] = [];
      const backlog = instances.flatMap((instance, n) =>
        Array.from({ length: 120 }, async (_, m) => {
          const claimed = await claim(instance.records, pickAt(instance, `${n}.${m}`));
          if (claimed.kind !== 'claimed') throw new Error(claimed.kind);
          used.push(claimed.claim.slot);
          if (used.length === 100) {
            await instance.rows(
              `CREATE OR REPLACE FUNCTION usher_now() RETURNS timestamptz LANGUAGE sql VOLATILE
               AS $$ SELECT clock_timestamp() + interval '${seconds} seconds' $$`,
            );
          }
        }),
      );
      await Promise.all(backlog);
      const sent = used
        .filter((slot) => slot.monotonicSendBy > slot.monotonicAt)
        .map((slot) => slot.monotonicAt);
      // Set forward there are slots of the new time, which nobody may use.
      if (seconds > 0) expect(used.length).toBeGreaterThan(sent.length);
      expect(sent.length).toBeGreaterThan(400);
      expect(worst(sent)).toBeLessThanOrEqual(limit);
      const stop = Math.max(...gaps(sent.toSorted((a, b) => a - b)));
      expect(stop).toBeGreaterThanOrEqual(1_000);
      expect(stop).toBeLessThan(4_000);
    },
  );

  it('pause together and go on slower once Tencent said "too much" to one of them', async () => {
    await workOff(40);
    const before = await slots();
    await instances[0]?.records.slowDown(1_400_000_000, 500);
    const [one] = await Promise.all(
      instances.map((instance, n) => claim(instance.records, pickAt(instance, `p${n}`))),
    );
    expect(one?.kind).toBe('claimed');
    const after = (await slots()).slice(before.length);
    expect((after[0] ?? 0) - (before.at(-1) ?? 0)).toBeGreaterThan(400_000);
    expect(Math.min(...gaps(after))).toBeGreaterThan(spacing * 1.9);
  });

  it('claim what many instances want at once for one seat only once', async () => {
    const requests = instances.flatMap((instance, n) =>
      Array.from({ length: 5 }, (_, m) => ({
        instance,
        request: { ...pickAt(instance, `${n}.${m}`), roomId: 'hot', memberAccount: `member ${n}.${m}` },
      })),
    );
    const kinds = await Promise.all(
      requests.map(async ({ instance, request }) => (await claim(instance.records, request)).kind),
    );
    expect(kinds.filter((kind) => kind === 'claimed')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'rival')).toHaveLength(19);
    expect(await slots()).toHaveLength(1);
  });

  it('cost nobody a slot who waits for a rival: the claim that stands is seen before one is reserved', async () => {
    const [one, second, third] = instances as [StandingRecords, StandingRecords, StandingRecords];
    const hot = { roomId: 'hot', index: 1 };
    await claim(one.records, { ...pickAt(one, 'first'), ...hot, memberAccount: 'tom' });
    // Nobody gets a slot now, and whoever waits for a rival needs none to be told so.
    await one.rows(`UPDATE call_budgets SET paused_until = usher_now() + interval '1 hour'`);
    const onItsSeat = { ...pickAt(second, 'mia'), ...hot, memberAccount: 'mia' };
    expect(await claim(second.records, onItsSeat)).toEqual({ kind: 'rival' });
    const ofItsMember = { ...pickAt(third, 'tom'), ...hot, memberAccount: 'tom', index: 2 };
    expect(await claim(third.records, ofItsMember)).toEqual({ kind: 'rival' });
    expect(await slots()).toHaveLength(1);
  });

  it('settle what they claimed, each by whoever comes first', async () => {
    const claims = await workOff(40);
    const results = await Promise.all(
      claims.flatMap(({ claim: claimed, request }) =>
        instances.map(({ records }) => records.settle(claimed, doneBy(request), null)),
      ),
    );
    expect(results.filter((result) => result === 'recorded')).toHaveLength(40);
    expect(results.filter((result) => result === 'lost')).toHaveLength(120);
  });
});
