import { KafkaConnection } from '../../src/kafka/kafka.connection.js';
import { KafkaOutcomePublisher } from '../../src/kafka/outcome.publisher.js';
import { Stopped } from '../../src/commands/stopped.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { outcomePublisherContract } from '../contracts/outcome-publisher.contract.js';
import { FakeOutcomePublisher } from '../support/fakes/fake-outcome-publisher.js';
import { kafka } from '../support/parts.js';
import { MachineClock } from './clocks.js';
import { predictedRejection } from './outcomes.js';
import { RecordedLog } from './recorded-log.js';
import { Outside, ownSettings } from './standing-intake.js';

describe('FakeOutcomePublisher', () => {
  outcomePublisherContract(() => {
    const publisher = new FakeOutcomePublisher();
    const seen = () =>
      Promise.resolve(
        publisher.published.map(({ key, value, headers }) => ({
          key,
          value: value.toString(),
          headers: JSON.parse(headers.toString()) as Record<string, string>,
        })),
      );
    return Promise.resolve({ publisher, seen });
  });
});

describe('KafkaOutcomePublisher', () => {
  const closing: (() => Promise<void>)[] = [];
  const metrics = new Metrics();
  const open = async () => {
    const settings = ownSettings((await kafka()).brokers, 1);
    const log = new RecordedLog();
    const connection = new KafkaConnection(settings, log);
    await connection.prepareTopics();
    const publisher = new KafkaOutcomePublisher(connection, settings, new MachineClock(), log, metrics);
    const outside = await Outside.connect(settings);
    closing.push(
      () => publisher.stop(),
      () => outside.close(),
    );
    return { publisher, log, seen: (count: number) => outside.read(settings.kafka.topics.outcomes, count) };
  };

  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  outcomePublisherContract(open);

  it('counts what it has published, and logs no trouble', async () => {
    const { publisher, log } = await open();
    await publisher.publish(
      publisher.encode(predictedRejection({ status: 'failed', reason: 'unknown-code' })),
    );
    expect(await metrics.exposition()).toContain(
      'usher_outcomes_published_total{status="failed",reason="unknown-code"} 1',
    );
    expect([log.count('warn'), log.count('error')]).toEqual([0, 0]);
  });

  it('rejects after a stop', async () => {
    const { publisher } = await open();
    await publisher.stop();
    await expect(publisher.publish(publisher.encode(predictedRejection()))).rejects.toBeInstanceOf(Stopped);
  });
});
