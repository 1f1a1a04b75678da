import type { KafkaMessage } from 'kafkajs';
import { BatchIntake } from '../../src/kafka/batch.intake.js';
import type { BatchSource } from '../../src/kafka/batch.intake.js';
import { DeadLetters } from '../../src/kafka/dead-letters.js';
import { KafkaConnection } from '../../src/kafka/kafka.connection.js';
import { MisroutedRooms } from '../../src/kafka/misrouted.rooms.js';
import { Reception } from '../../src/kafka/reception.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { eventually } from '../support/eventually.js';
import { FastClock } from './clocks.js';
import { FakeDeadLetterRecords } from './fake-dead-letter-records.js';
import { FakeRequestIntake } from './fake-request-intake.js';
import { RecordedLog } from './recorded-log.js';
import { goodPick } from './records.js';
import { ownSettings } from './standing-intake.js';

/** A consumer that keeps what it is told. */
class FakeSource implements BatchSource {
  readonly paused = new Set<number>();
  readonly rebuilds: string[] = [];

  pause(partitions: readonly number[]): void {
    partitions.forEach((partition) => this.paused.add(partition));
  }

  resume(partitions: readonly number[]): void {
    partitions.forEach((partition) => this.paused.delete(partition));
  }

  rebuild(reason: string): void {
    this.rebuilds.push(reason);
  }
}

/** No broker is asked for anything. */
class UnreachedKafka extends KafkaConnection {
  override countPartitions(): Promise<number> {
    return Promise.resolve(2);
  }
}

const setup = () => {
  const settings = ownSettings('127.0.0.1:1', 1);
  const [clock, log, metrics, story] = [
    new FastClock(),
    new RecordedLog(),
    new Metrics(),
    new FakeRequestIntake(),
  ];
  const kafka = new UnreachedKafka(settings, log);
  const deadLetters = new DeadLetters(kafka, settings, new FakeDeadLetterRecords(), clock, log);
  const misrouted = new MisroutedRooms(kafka, clock, log, metrics);
  const batches = new BatchIntake(
    new Reception(settings, story, deadLetters, misrouted, metrics),
    clock,
    metrics,
    log,
  );
  const source = new FakeSource();
  story.answer = null;
  const resolved: string[] = [];
  const fetch = (from: number, count: number, partition = 0, lastOffset = from + count - 1): void => {
    const messages = Array.from({ length: count }, (_, i) => messageAt(from + i));
    const resolve = (offset: string): void => {
      resolved.push(offset);
    };
    batches.take({ topic: 'seat.requests', partition, fetchedOffset: from, lastOffset, messages, resolve });
  };
  return { batches, source, story, log, clock, resolved, fetch };
};
const messageAt = (offset: number): KafkaMessage => ({
  key: null,
  value: Buffer.from(JSON.stringify({ ...goodPick, requestId: `r${offset}` })),
  timestamp: '1000000',
  attributes: 0,
  offset: String(offset),
  headers: {},
});
const soon = (condition: () => boolean): Promise<void> =>
  eventually(condition, { within: 2_000, what: 'the condition' });

describe('taking a batch', () => {
  it('hands all records on before it returns, in order', () => {
    const { batches, source, story, resolved, fetch } = setup();
    batches.assign(source, [0], true);
    fetch(5, 3);
    expect([story.ids(), resolved]).toEqual([['r5', 'r6', 'r7'], ['7']]);
    expect(batches.due()).toEqual([{ partition: 0, offset: 5 }]);
  });

  it('stops at the bound within a batch, and takes the rest when it is fetched again', async () => {
    const { batches, source, story, resolved, fetch } = setup();
    batches.assign(source, [0, 1], true);
    fetch(0, 6_000);
    expect([story.taken.length, resolved, [...source.paused]]).toEqual([5_000, ['4999'], [0]]);
    story.settle(2_500);
    await soon(() => source.paused.size === 0);
    fetch(5_000, 1_000);
    expect(story.taken).toHaveLength(6_000);
    expect(source.rebuilds).toEqual([]);
  });

  it('drops batches of partitions that it does not have', () => {
    const { batches, source, story, resolved, fetch } = setup();
    fetch(0, 1);
    batches.assign(source, [1], true);
    fetch(0, 1, 0);
    expect([story.taken, resolved]).toEqual([[], []]);
  });

  it('demands a new consumer when records are missing before it, and forgets what it held', () => {
    const { batches, source, story, fetch } = setup();
    batches.assign(source, [0], true);
    fetch(0, 3);
    fetch(4, 3);
    expect(source.rebuilds).toEqual(['partition 0 went on at offset 4, not where it ended']);
    expect([story.taken.length, batches.due()]).toEqual([3, []]);
    batches.assign(source, [0], true);
    fetch(0, 7);
    expect(story.ids()).toEqual(['r0', 'r1', 'r2', 'r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6']);
  });

  it('passes control records, within a batch and alone', () => {
    const { batches, source, fetch } = setup();
    batches.assign(source, [0], true);
    fetch(0, 3, 0, 3);
    fetch(4, 1);
    batches.pass(0, 8);
    fetch(9, 1);
    expect(source.rebuilds).toEqual([]);
  });
});

describe('a new assignment', () => {
  it('keeps what kept partitions hold', () => {
    const { batches, source, story, fetch } = setup();
    batches.assign(source, [0, 1], true);
    fetch(0, 3);
    batches.assign(source, [0], false);
    // The first batch may come from a fetch of the time before, here as for new partitions.
    fetch(3, 1);
    expect(batches.due()).toEqual([]);
    fetch(0, 5);
    expect(story.ids()).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
  });

  it('forgets lost partitions: what is finished for them later is no reason to commit', async () => {
    const { batches, source, story, fetch } = setup();
    batches.assign(source, [0], true);
    fetch(0, 3);
    batches.assign(source, [], false);
    batches.assign(source, [0], false);
    story.settle();
    await soon(() => batches.underWay() === 0);
    expect(batches.due()).toEqual([]);
    // The first batch may come from a fetch of the time before; only the second proves where the commit is.
    fetch(3, 2);
    fetch(0, 5);
    expect(story.taken).toHaveLength(8);
    expect(batches.due()).toEqual([{ partition: 0, offset: 0 }]);
  });

  it('starts afresh where somebody else went on meanwhile', () => {
    const { batches, source, story, fetch } = setup();
    batches.assign(source, [0], true);
    fetch(0, 3);
    batches.assign(source, [0], false);
    fetch(3, 1);
    fetch(50, 1);
    expect([story.ids().at(-1), batches.due()]).toEqual(['r50', [{ partition: 0, offset: 50 }]]);
    expect(source.rebuilds).toEqual([]);
  });

  it('pauses anew what is full, and nothing else', () => {
    const { batches, source, fetch } = setup();
    batches.assign(source, [0, 1], true);
    fetch(0, 5_000);
    const next = new FakeSource();
    next.paused.add(1);
    batches.assign(next, [0, 1], true);
    expect([...next.paused]).toEqual([0]);
  });
});

describe('a story that fails', () => {
  it('is told and told again with growing waits; its offset stays uncommitted until it succeeds', async () => {
    const { batches, source, story, log, clock, fetch } = setup();
    batches.assign(source, [0], true);
    fetch(0, 1);
    for (let failures = 1; failures <= 3; failures += 1) {
      story.fail(new TypeError('a bug'));
      await soon(() => story.taken.length === failures + 1);
      expect(log.count('error')).toBe(failures);
    }
    expect(clock.waits).toEqual([1_000, 2_000, 4_000]);
    expect(batches.due()).toEqual([{ partition: 0, offset: 0 }]);
    expect(log.fields[log.lines.findIndex((line) => line.startsWith('error:'))]).toMatchObject({
      partition: 0,
      offset: '0',
      error: expect.stringContaining('a bug') as string,
    });
    story.settle();
    await soon(() => batches.underWay() === 0);
    expect(batches.due()).toEqual([{ partition: 0, offset: 1 }]);
  });

  it('is left to the next owner once its partition is lost', async () => {
    const { batches, source, story, fetch } = setup();
    batches.assign(source, [0], true);
    fetch(0, 1);
    batches.assign(source, [], false);
    story.fail(new TypeError('a bug'));
    await soon(() => batches.underWay() === 0);
    expect(story.taken).toHaveLength(1);
  });

  it('is no matter for a person when the process stops', async () => {
    const { batches, source, story, log, fetch } = setup();
    batches.assign(source, [0, 1], true);
    fetch(0, 1);
    batches.stop();
    expect([...source.paused]).toEqual([0, 1]);
    fetch(1, 1);
    expect(story.taken).toHaveLength(1);
    story.fail(new Error('stopped'));
    await soon(() => log.lines.some((line) => line.startsWith('debug: left unfinished')));
    expect(log.count('error')).toBe(0);
  });
});
