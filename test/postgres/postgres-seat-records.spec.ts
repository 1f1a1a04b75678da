import type { PickRequest } from '../../src/seating/seat-request.js';
import { callOf, doneBy, never } from '../contracts/records-under-test.js';
import { seatRecordsContract } from '../contracts/seat-records.contract.js';
import type { RecordsUnderTest } from '../contracts/records-under-test.js';
import { aPick } from '../support/builders/requests.js';
import { aSettlement } from '../support/builders/settlements.js';
import { eventually } from '../support/eventually.js';
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

  describe('for analysts', () => {
    const one = (): StandingRecords => instances[0] as StandingRecords;
    const pick = (changes: Partial<PickRequest> = {}): PickRequest => {
      const now = Math.trunc(one().clock.now());
      return aPick({ receivedAt: now + 0.7, requestedAt: now - 200, deadline: now + 30_000, ...changes });
    };

    it('writes the history from the very outcome, and what goes with it', async () => {
      const request = pick({
        priority: 'high',
        source: 'game',
        requestedBy: 'host',
        correlationId: 'c-1',
        metadata: { k: 'v' },
        traceparent: '00-a-b-01',
        kafka: { partition: 3, offset: '9007199254740993' },
      });
      const arrival = Math.trunc(request.receivedAt);
      const readAt = arrival - 1_000;
      const evidence = { source: 'read', ageMs: 1_300, readAt, occupant: 'user7' } as const;
      const told = {
        predicted: 'seat-locked',
        attempts: 2,
        tencentRequestId: 't-1',
        settledAt: arrival + 300,
      } as const;
      await one().records.record(aSettlement(request, { ...told, evidence }), null);
      const [row] = await one().rows<Record<string, unknown>>('SELECT * FROM request_history');
      const { value, headers, ...columns } = row ?? {};
      expect([Buffer.isBuffer(value), Buffer.isBuffer(headers)]).toEqual([true, true]);
      expect(columns).toEqual({
        received_at: new Date(arrival),
        sdk_app_id: '1400000000',
        request_id: 'req-1',
        room_id: 'room-test',
        type: 'pick',
        member_account: 'user2',
        requested_index: '1',
        requested_indexes: null,
        policy: null,
        priority: 'high',
        requested_at: new Date(request.requestedAt),
        deadline: new Date(request.deadline),
        source: 'game',
        requested_by: 'host',
        correlation_id: 'c-1',
        metadata: { k: 'v' },
        status: 'rejected',
        reason: 'seat-occupied',
        advice: 'choose-another-seat',
        code: 100210,
        message: 'seat 1 is held by user7',
        decided_by: 'mirror',
        predicted: 'seat-locked',
        seat_index: '1',
        from_index: null,
        displaced_account: null,
        evidence_source: 'read',
        evidence_age_ms: '1300',
        evidence_read_at: new Date(readAt),
        evidence_occupant: 'user7',
        attempts: 2,
        tencent_request_id: 't-1',
        wait_rival_ms: 1,
        wait_budget_ms: 2.5,
        wait_retry_ms: 0,
        call_ms: 40,
        settled_at: new Date(arrival + 300),
        kafka_partition: 3,
        kafka_offset: '9007199254740993',
        traceparent: '00-a-b-01',
      });
    });

    it('keeps with an attempt when it was sent and answered, and what Tencent said', async () => {
      const request = pick();
      const intent = { request, call: callOf(request), prior: null, sample: null };
      const claimed = await one().records.claim(intent, never);
      if (claimed.kind !== 'claimed') throw new Error(claimed.kind);
      const sentAt = Math.trunc(one().clock.now());
      const answer = {
        code: 0,
        message: 'OK',
        httpStatus: 200,
        tencentRequestId: 't-1',
        sentAt,
        answeredAt: sentAt + 20,
      };
      await one().records.settle(claimed.claim, doneBy(request), { kind: 'done', ...answer });
      expect(await one().rows('SELECT * FROM attempts')).toMatchObject([
        {
          command: 'pick_user_on_seat',
          sent_at: new Date(sentAt),
          answered_at: new Date(sentAt + 20),
          http_status: 200,
          code: 0,
          class: 'done',
          message: 'OK',
          tencent_request_id: 't-1',
        },
      ]);
    });

    it('notes when an outcome was published, once, under the arrival that it is recorded with', async () => {
      const settlement = aSettlement(pick());
      await one().records.record(settlement, null);
      const recorded = { message: settlement.message, receivedAt: settlement.request.receivedAt };
      const at = Math.trunc(one().clock.now());
      one().records.notePublished({ ...settlement.request, receivedAt: 0 }, recorded, at);
      one().records.notePublished(settlement.request, recorded, at + 5_000);
      const rows = () =>
        one().rows(
          'SELECT p.published_at FROM publications AS p JOIN request_history USING (sdk_app_id, request_id, received_at)',
        );
      await eventually(async () => (await rows()).length > 0, {
        within: 5_000,
        what: 'the publication is noted',
      });
      expect(await rows()).toEqual([{ published_at: new Date(at) }]);
      // A second note is no trouble.
      await one().records.find(settlement.request);
      expect(one().parts.log.lines.filter((line) => !line.startsWith('debug'))).toEqual([]);
    });

    it('raises an alarm, once, for a request that ends as unconfirmed', async () => {
      const request = pick();
      const unconfirmed = aSettlement(request, { status: 'unconfirmed', reason: 'no-usable-read' });
      await one().records.record(unconfirmed, null);
      await one().records.record(unconfirmed, null);
      expect(one().parts.log.count('error')).toBe(1);
    });
  });
});
