import fc from 'fast-check';
import type { Database } from '../../src/postgres/database.js';
import { readRooms } from '../../src/postgres/rooms.js';
import { observeStatement } from '../../src/postgres/statements/others.js';
import { ToldFacts } from '../../src/postgres/told-facts.js';
import { mergeFacts } from '../../src/seating/facts.js';
import type { EvidenceSource, Fact } from '../../src/seating/room.js';
import { plain } from '../contracts/records-under-test.js';
import { freshDatabase } from '../support/database.js';
import type { FreshDatabase } from '../support/database.js';
import { openDatabase, partsFor } from './standing-records.js';

const start = 1_764_000_000_000;

/** Few states, few moments: most of the facts meet, agree, contradict and overlap. */
const facts = fc.array(
  fc.record({
    state: fc.constantFrom('held', 'held', 'free', 'locked', 'unknown'),
    occupant: fc.constantFrom(null, 'user2', 'user3'),
    source: fc.constantFrom<EvidenceSource>('own-call', 'rejection', 'read'),
    from: fc.nat(12),
    lasts: fc.nat(4),
  }),
  { minLength: 1, maxLength: 8 },
);

describe('the mirror in SQL', () => {
  let fresh: FreshDatabase;
  let database: Database;

  beforeAll(async () => {
    fresh = await freshDatabase();
    database = openDatabase(partsFor(fresh.url));
  });

  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  let rooms = 0;

  it('believes what the rule of the seating believes, with a new version and a new draw for each change', async () => {
    await fc.assert(
      fc.asyncProperty(facts, async (told) => {
        const room = { sdkAppId: 1, roomId: `room ${(rooms += 1)}` };
        let expected: Fact | null = null;
        let version = 0;
        let draw: number | null = null;
        for (const { state, occupant, source, from, lasts } of told) {
          const fact: Fact = {
            subject: 'seat',
            index: 1,
            memberAccount: '',
            state,
            occupant: state === 'held' ? occupant : null,
            evidence: { source, from: start + from, to: start + from + lasts },
          };
          const merged: ReturnType<typeof mergeFacts> = expected
            ? mergeFacts(expected, fact)
            : { fact, changed: true };
          expected = merged.fact;
          version += merged.changed ? 1 : 0;
          const one = new ToldFacts();
          one.add(room, [fact]);
          await database.run(observeStatement, ['[]', one.toJson()]);
          const [seen] = await readRooms(database, [room], 1e13);
          const seat = seen?.seats.get(1);
          expect(plain(seat)).toEqual(expected);
          expect(seat?.version).toBe(version);
          expect(seat?.draw === draw).toBe(!merged.changed);
          draw = seat?.draw ?? null;
        }
      }),
      { numRuns: 80 },
    );
  }, 120_000);
});
