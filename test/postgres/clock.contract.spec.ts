import { clockContract } from '../contracts/clock.contract.js';
import { freshDatabase } from '../support/database.js';
import { FakeClock } from '../support/fakes/fake-clock.js';
import { StandingRecords } from './standing-records.js';

clockContract('of the database', async () => {
  const fresh = await freshDatabase();
  const standing = await StandingRecords.start(fresh.url);
  return {
    clock: standing.clock,
    pass: (work) => work,
    stop: async () => {
      await standing.stop();
      await fresh.drop();
    },
  };
});

clockContract('of the tests', () => {
  const clock = new FakeClock();
  return Promise.resolve({ clock, pass: (work) => clock.pass(work), stop: () => Promise.resolve() });
});
