import type { Usher } from '../../sandbox/parts/usher.js';
import { Stage } from '../support/stage/stage.js';
import { breachesOfP5, truthOf } from '../support/truth.js';
import type { SentPick } from '../support/truth.js';

let stage: Stage;
beforeAll(async () => {
  // Not one setting of the service's behaviour: session, timeout, time to live and all others are the defaults.
  stage = await Stage.set({ instances: 2, partitions: 6 });
}, 90_000);
afterAll(() => stage.close());

const members = Array.from({ length: 20 }, (_, at) => `member-${at}`);

/** A seat for each of ten members, and ten rivals behind them. */
async function load(rooms: number): Promise<SentPick[]> {
  const made = await Promise.all(Array.from({ length: rooms }, () => stage.room({ seats: 10, members })));
  const requests = made.flatMap((roomId) => members.map((member, at) => stage.pick(roomId, member, at % 10)));
  await stage.send(...requests);
  return requests;
}

describe('scenario 6: kill -9 with default settings and requests without deadlines', () => {
  it('nothing expires needlessly: who was first sits, in the crash and for as long as it takes to take over', async () => {
    const requests = await load(60);
    await stage.until(async () => (await stage.twin.calls()).length > 100, 'calls are under way');
    await (stage.ushers[0] as Usher).kill();
    // The killed one's partitions lie idle until its session has ended; what arrives meanwhile is part of it.
    const open = await stage.sql("select 1 from seat_requests where state = 'claimed'");
    expect(open.length).toBeGreaterThan(0);
    requests.push(...(await load(30)));
    const [outcomes] = await Promise.all([stage.outcomesOf(requests, 60_000), stage.enter()]);
    expect(outcomes.map(({ status }) => status)).toEqual(
      requests.map((_, at) => (at % 20 < 10 ? 'done' : 'rejected')),
    );
    const truth = await truthOf(stage.twin, requests);
    expect(breachesOfP5(outcomes, truth)).toEqual([]);
    expect(truth.flatMap(({ effects }) => effects)).toHaveLength(requests.length / 2);
  }, 120_000);
});
