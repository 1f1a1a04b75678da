import { seatRecordsContract } from '../contracts/seat-records.contract.js';
import type { RecordsUnderTest } from '../contracts/records-under-test.js';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { FakeSeatRecords } from '../support/fakes/fake-seat-records.js';
import { MachineClock } from '../kafka/clocks.js';
import { StandingRecords } from './standing-records.js';

describe('FakeSeatRecords', () => {
  seatRecordsContract(() => {
    const clock = new MachineClock();
    const records = new FakeSeatRecords(clock);
    return Promise.resolve({
      records,
      other: records,
      now: () => clock.now(),
      attempts: () => Promise.resolve(records.attempts.rows),
      shutBudget: () => {
        records.budget.shut();
        return Promise.resolve();
      },
    });
  });
});

describe('PostgresSeatRecords', () => {
  let database: FreshDatabase;
  let instances: StandingRecords[] = [];

  beforeAll(async () => {
    database = await freshDatabase();
    instances = await Promise.all([StandingRecords.start(database.url), StandingRecords.start(database.url)]);
  });

  // A database for each test would cost half a second each.
  beforeEach(async () => {
    for (const table of ['seat_requests', 'request_history', 'attempts', 'mirror_facts'])
      await instances[0]?.rows(`DELETE FROM ${table}`);
  });

  afterAll(async () => {
    await Promise.all(instances.map((instance) => instance.stop()));
    await database.drop();
  });

  seatRecordsContract((): Promise<RecordsUnderTest> => {
    const [one, other] = instances as [StandingRecords, StandingRecords];
    return Promise.resolve({
      records: one.records,
      other: other.records,
      now: () => one.clock.now(),
      attempts: () => one.attempts(),
      shutBudget: async () => {
        await one.rows(`UPDATE call_budgets SET paused_until = usher_now() + interval '1 second'`);
      },
    });
  });
});
