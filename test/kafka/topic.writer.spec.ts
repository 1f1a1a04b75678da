import { Stopped } from '../../src/commands/stopped.js';
import { TopicWriter } from '../../src/kafka/topic.writer.js';
import { FastClock } from './clocks.js';
import { FakeProducer } from './fake-producer.js';
import { RecordedLog } from './recorded-log.js';

const setup = () => {
  const producer = new FakeProducer();
  const clock = new FastClock();
  const log = new RecordedLog();
  const writer = new TopicWriter(() => producer.make(), 'seat.outcomes', clock, log);
  const write = (text: string, bytes = text.length): Promise<void> =>
    writer.write({ key: 'room', value: Buffer.from(text) }, bytes);
  const batches = (): string[][] => producer.batches.map((batch) => batch.map(({ value }) => String(value)));
  return { producer, clock, log, writer, write, batches };
};

describe('writing to a topic', () => {
  it('has one batch in flight; whatever arrives meanwhile forms the next, in order', async () => {
    const { producer, write, batches } = setup();
    let open = (): void => undefined;
    producer.gate = new Promise((resolve) => {
      open = resolve;
    });
    const first = write('a');
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    const later = ['b', 'c', 'd'].map((text) => write(text));
    open();
    await Promise.all([first, ...later]);
    expect(batches()).toEqual([['a'], ['b', 'c', 'd']]);
    expect(producer.mostInFlight).toBe(1);
  });

  it('bounds a batch by count and by size', async () => {
    const { write, batches } = setup();
    await Promise.all(Array.from({ length: 1_100 }, (_, i) => write(String(i))));
    await Promise.all(Array.from({ length: 5 }, () => write('x', 200_000)));
    expect(batches().map(({ length }) => length)).toEqual([500, 500, 100, 2, 2, 1]);
    expect(batches().flat().slice(0, 1_100)).toEqual(Array.from({ length: 1_100 }, (_, i) => String(i)));
  });

  it('repeats a failed batch, with growing waits, until it is acknowledged', async () => {
    const { producer, clock, log, write, batches } = setup();
    producer.failures = 8;
    await Promise.all([write('a'), write('b')]);
    expect(batches()).toEqual([['a', 'b']]);
    expect(clock.waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    expect([log.count('warn'), log.count('error')]).toEqual([1, 0]);
  });

  it('makes the producer anew after ten failures in a row', async () => {
    const { producer, write } = setup();
    producer.failures = 10;
    await write('a');
    expect([producer.connects, producer.disconnects]).toEqual([2, 1]);
  });

  it('calls a person once a minute while nothing can be written', async () => {
    const { producer, log, write } = setup();
    producer.failures = 30;
    await write('a');
    expect([log.count('warn'), log.count('error')]).toEqual([1, 1]);
    expect(log.lines.at(-1)).toBe('info: writing to Kafka works again');
  });

  it('refuses only the one message that the topic refuses for its size', async () => {
    const { producer, write, batches } = setup();
    producer.largest = 3;
    const results = await Promise.allSettled(['a', 'b', 'long', 'c', 'd'].map((text) => write(text)));
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(batches().flat()).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('stopping', () => {
  it('rejects what is not acknowledged, and everything later', async () => {
    const { producer, writer, write } = setup();
    producer.failures = Number.POSITIVE_INFINITY;
    const waiting = Promise.allSettled([write('a'), write('b')]);
    await writer.stop();
    for (const result of await waiting)
      expect(result).toMatchObject({ reason: expect.any(Stopped) as Stopped });
    await expect(write('c')).rejects.toBeInstanceOf(Stopped);
  });

  it('lets the batch in flight be acknowledged', async () => {
    const { producer, writer, write, batches } = setup();
    let open = (): void => undefined;
    producer.gate = new Promise((resolve) => {
      open = resolve;
    });
    const first = write('a');
    while (producer.inFlight === 0) await Promise.resolve();
    const stopped = writer.stop();
    open();
    await Promise.all([first, stopped]);
    expect(batches()).toEqual([['a']]);
    expect(producer.disconnects).toBe(1);
  });
});
