import { startKafka } from '../../sandbox/parts/kafka.js';
import type { Kafka } from '../../sandbox/parts/kafka.js';
import { KafkaConnection } from '../../src/kafka/kafka.connection.js';
import { KafkaOutcomePublisher } from '../../src/kafka/outcome.publisher.js';
import type { SeatRequest } from '../../src/seating/seat-request.js';
import { eventually } from '../support/eventually.js';
import { MachineClock } from './clocks.js';
import { predictedRejection } from './outcomes.js';
import { goodPick } from './records.js';
import { Outside, StandingIntake, ownSettings } from './standing-intake.js';

describe('a broker killed under load', () => {
  let broker: Kafka;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    // The shared one is not ours to kill.
    broker = await startKafka({ environment: { ...process.env, KAFKA_BROKERS: '' } });
  });

  afterAll(async () => {
    for (const close of closing) await close();
    await broker.stop();
  });

  it('loses no request and no outcome, keeps the order of first copies, and needs no restart of ours', async () => {
    const { embedded } = broker;
    if (embedded === null) throw new Error('needs a broker that can be killed: install Java 17 and Maven');
    const settings = ownSettings(broker.brokers, 1);
    const instance = new StandingIntake(settings);
    const publisher = new KafkaOutcomePublisher(
      new KafkaConnection(settings, instance.log),
      settings,
      new MachineClock(),
      instance.log,
      instance.metrics,
    );
    const settleBy = async (request: SeatRequest): Promise<'settled'> => {
      await publisher.publish(publisher.encode(predictedRejection({ request })));
      return 'settled';
    };
    instance.story.take = (request) => {
      instance.story.taken.push(request);
      return settleBy(request);
    };
    await instance.start();
    await instance.joined();
    const outside = await Outside.connect(settings);
    closing.push(
      () => instance.stop(),
      () => publisher.stop(),
      () => outside.close(),
    );
    const ids = Array.from({ length: 20_000 }, (_, i) => `r${i}`);
    const messages = ids.map((requestId) => ({
      key: 'room-test',
      value: JSON.stringify({ ...goodPick, requestId }),
    }));
    for (let from = 0; from < ids.length; from += 4_000)
      await outside.send(messages.slice(from, from + 4_000));
    await eventually(() => instance.story.taken.length > 2_000, {
      within: 30_000,
      what: 'the load under way',
    });
    await embedded.crash();
    await embedded.start();
    await eventually(async () => (await committedOf(outside)) === ids.length, {
      within: 50_000,
      what: 'all committed',
    });
    // Copies count as well: only the last request's outcome tells that all have been read.
    const isLast = ({ value }: { readonly value: string | null }): boolean =>
      value?.includes('"r19999"') ?? false;
    const outcomes = await outside.read(settings.kafka.topics.outcomes, ids.length, (seen) =>
      seen.some(isLast),
    );
    const first = new Set(
      outcomes.map(({ value }) => (JSON.parse(value ?? '') as { requestId: string }).requestId),
    );
    expect([...first]).toEqual(ids);
    expect([instance.log.count('error'), instance.fatal]).toEqual([0, []]);
  }, 120_000);
});

async function committedOf(outside: Outside): Promise<number> {
  try {
    return (await outside.committed())[0] ?? -1;
  } catch {
    return -1;
  }
}
