import { DeadLetters } from '../../src/kafka/dead-letters.js';
import { KafkaConnection } from '../../src/kafka/kafka.connection.js';
import { Stopped } from '../../src/commands/stopped.js';
import { kafka } from '../support/parts.js';
import { FastClock, MachineClock } from './clocks.js';
import { FakeDeadLetterRecords } from './fake-dead-letter-records.js';
import { RecordedLog } from './recorded-log.js';
import { receivedAt, recordOf } from './records.js';
import { Outside, ownSettings } from './standing-intake.js';

describe('burying a dead letter', () => {
  const closing: (() => Promise<void>)[] = [];
  const setup = async () => {
    const settings = ownSettings((await kafka()).brokers, 1);
    const [log, rows] = [new RecordedLog(), new FakeDeadLetterRecords()];
    const letters = new DeadLetters(
      new KafkaConnection(settings, log),
      settings,
      rows,
      new MachineClock(),
      log,
    );
    const outside = await Outside.connect(settings);
    closing.push(
      () => letters.stop(),
      () => outside.close(),
    );
    const topic = settings.kafka.topics.deadLetters;
    return { letters, rows, log, outside, topic };
  };

  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it('records it before it publishes it, repeating until both stand', async () => {
    const { letters, rows, log, outside, topic } = await setup();
    await outside.admin.createTopics({ topics: [{ topic }] });
    rows.refusals = 2;
    await letters.bury(
      recordOf('{', { headers: { 'a\u0000': Buffer.from('b') } }),
      'not-json',
      'Broken.',
      receivedAt,
    );
    expect(rows.letters).toEqual([
      {
        topic: 'seat.requests',
        partition: 3,
        offset: '42',
        reason: 'not-json',
        detail: 'Broken.',
        key: null,
        value: Buffer.from('{'),
        headers: [{ key: 'a\u{fffd}', value: Buffer.from('b') }],
        seenAt: receivedAt,
      },
    ]);
    const [published] = await outside.read(topic, 1);
    expect(published?.headers).toMatchObject({ 'a\u0000': 'b', dl_reason: 'not-json', dl_detail: 'Broken.' });
    expect(log.lines.filter((line) => line.includes('could not be recorded'))).toHaveLength(1);
  });

  it('publishes identical copies', async () => {
    const { letters, outside, topic } = await setup();
    await outside.admin.createTopics({ topics: [{ topic }] });
    await letters.bury(recordOf('{'), 'not-json', 'Broken.', receivedAt);
    await letters.bury(recordOf('{'), 'not-json', 'Broken.', receivedAt + 60_000);
    const [first, copy] = await outside.read(topic, 2);
    expect(copy).toEqual(first);
  });

  it('cuts the value until a small topic takes it', async () => {
    const { letters, rows, outside, topic } = await setup();
    const configEntries = [{ name: 'max.message.bytes', value: '20000' }];
    await outside.admin.createTopics({ topics: [{ topic, configEntries }] });
    await letters.bury(recordOf(Buffer.alloc(1_100_000, 'v')), 'too-large', 'Too large.', receivedAt);
    const [letter] = await outside.read(topic, 1);
    expect(letter?.value?.length).toBeGreaterThan(5_000);
    expect(letter?.headers).toMatchObject({ dl_value_bytes: '1100000' });
    expect(rows.letters[0]?.value).toHaveLength(1_100_000);
  });

  it('gives up on a stop; the record is read again after the restart', async () => {
    const settings = ownSettings('127.0.0.1:1', 1);
    const [log, rows] = [new RecordedLog(), new FakeDeadLetterRecords()];
    const letters = new DeadLetters(new KafkaConnection(settings, log), settings, rows, new FastClock(), log);
    rows.refusals = 3;
    const buried = letters.bury(recordOf('{'), 'not-json', 'Broken.', receivedAt);
    void letters.stop();
    await expect(buried).rejects.toBeInstanceOf(Stopped);
  });
});
