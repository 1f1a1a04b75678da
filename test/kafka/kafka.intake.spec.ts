import kafkajs from 'kafkajs';
import type { Message } from 'kafkajs';
import { kafka } from '../support/parts.js';
import { eventually } from '../support/eventually.js';
import { goodPick } from './records.js';
import { Outside, StandingIntake, ownSettings } from './standing-intake.js';

const { CompressionCodecs, CompressionTypes } = kafkajs;
const pick = (requestId: string, partition = 0): Message => ({
  key: goodPick.roomId,
  value: JSON.stringify({ ...goodPick, requestId }),
  partition,
});
const picks = (count: number, partition = 0, from = 0): Message[] =>
  Array.from({ length: count }, (_, i) => pick(`p${partition}-${from + i}`, partition));
const idsOf = (count: number, partition = 0, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => `p${partition}-${from + i}`);

describe('taking requests in from a real Kafka', () => {
  const closing: (() => Promise<void>)[] = [];
  const stand = async (partitions: number, more: Record<string, string> = {}) => {
    const settings = ownSettings((await kafka()).brokers, partitions, more);
    const instance = new StandingIntake(settings);
    const outside = await Outside.connect(settings);
    closing.push(
      () => instance.stop(),
      () => outside.close(),
    );
    return { settings, instance, outside, story: instance.story };
  };
  const another = async (instance: StandingIntake): Promise<StandingIntake> => {
    const second = new StandingIntake(instance.settings);
    second.story.answer = instance.story.answer;
    closing.unshift(() => second.stop());
    await second.start();
    await second.joined();
    return second;
  };
  const soon = (what: string, condition: () => boolean | Promise<boolean>): Promise<void> =>
    eventually(condition, { within: 30_000, what });

  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it('hands requests on in offset order and commits behind the last finished one', async () => {
    const { instance, outside, story } = await stand(1);
    await instance.start();
    await outside.send(picks(1_000));
    await soon('all taken', () => story.taken.length === 1_000);
    expect(story.ids()).toEqual(idsOf(1_000));
    await soon('all committed', async () => (await outside.committed())[0] === 1_000);
    expect(await instance.metric('usher_requests_taken_total{type="pick"}')).toBe(1_000);
    expect(instance.log.count('error')).toBe(0);
  });

  it('commits the low watermark, never past a request that is not finished', async () => {
    const { instance, outside, story } = await stand(1);
    await instance.start();
    await outside.send(picks(10));
    await soon('the first committed', async () => (await outside.committed())[0] === 10);
    story.answer = null;
    await outside.send([pick('open')]);
    await soon('the open one taken', () => story.taken.length === 11);
    story.answer = 'settled';
    await outside.send(picks(50, 0, 10));
    await soon('all taken', () => story.taken.length === 61);
    await soon(
      'the gauge',
      async () => (await instance.metric('usher_watermark_distance_offsets{partition="0"}')) === 51,
    );
    expect(await outside.committed()).toEqual([10]);
    story.settle();
    await soon('all committed', async () => (await outside.committed())[0] === 61);
  });

  it('stops at 5,000 unsettled, keeps its place in the group, and goes on when half are settled', async () => {
    const { instance, outside, story } = await stand(2);
    story.answer = null;
    await instance.start();
    await outside.send(picks(6_000));
    await outside.send(picks(10, 1));
    await soon('the bound', () => story.taken.length === 5_010);
    const before = instance.intake.lastProgress() ?? 0;
    await soon('signs of life', () => (instance.intake.lastProgress() ?? 0) > before + 1_500);
    expect(story.taken).toHaveLength(5_010);
    story.settle(2_510);
    await soon('the rest', () => story.taken.length === 6_010);
    expect(story.ids().filter((id) => id.startsWith('p0'))).toEqual(idsOf(6_000));
  });

  it('takes nothing twice when the group rebalances, and lets go of what it lost', async () => {
    const { instance, outside, story } = await stand(2);
    story.answer = null;
    await instance.start();
    await outside.send([...picks(100, 0), ...picks(100, 1)]);
    await soon('all taken', () => story.taken.length === 200);

    const second = await another(instance);
    await soon('the lost half redelivered elsewhere', () => second.story.taken.length === 100);
    const lost = second.story.taken[0]?.kafka.partition ?? 0;
    const kept = 1 - lost;
    await outside.send([pick('new', kept)]);
    await soon('the kept partition goes on', () => story.taken.length === 201);
    expect(story.ids().filter((id) => id.startsWith(`p${kept}`))).toEqual(idsOf(100, kept));

    // What the first instance settles of the lost partition is no business of its commits any more.
    story.settle();
    await soon('the kept partition committed', async () => (await outside.committed())[kept] === 101);
    expect((await outside.committed())[lost]).toBeLessThanOrEqual(0);
    second.story.settle();
    await soon('the lost partition committed', async () => (await outside.committed())[lost] === 100);
  });

  it('takes a lost partition over from its commit when its owner has gone', async () => {
    const { instance, outside, story } = await stand(2);
    await instance.start();
    const second = await another(instance);
    second.story.answer = null;
    await outside.send([...picks(20, 0), ...picks(20, 1)]);
    await soon('both halves taken', () => story.taken.length === 20 && second.story.taken.length === 20);
    const theirs = second.story.taken[0]?.kafka.partition ?? 0;
    await second.stop();
    await soon('the other half taken over', () => story.taken.length === 40);
    expect(story.ids().filter((id) => id.startsWith(`p${theirs}`))).toEqual(idsOf(20, theirs));
    await soon('all committed', async () => String(await outside.committed()) === '20,20');
  });

  it.each([
    ['gzip', CompressionTypes.GZIP],
    ['snappy', CompressionTypes.Snappy],
  ])('reads %s as kafkajs writes it', async (_, compression) => {
    const { instance, outside, story } = await stand(1);
    await instance.start();
    await outside.send(picks(2_000), compression);
    await soon('all taken', () => story.taken.length === 2_000);
    expect(story.ids()).toEqual(idsOf(2_000));
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('reads %s as Java writes it', async (codec) => {
    const { settings, instance, outside, story } = await stand(1);
    // The broker packs batches anew, with its own codec.
    const configEntries = [{ name: 'compression.type', value: codec }];
    await outside.admin.createTopics({ topics: [{ topic: settings.kafka.topics.requests, configEntries }] });
    await instance.start();
    await outside.send(picks(2_000));
    await soon('all taken', () => story.taken.length === 2_000);
    expect(story.ids()).toEqual(idsOf(2_000));
  });

  it('buries what cannot be read, in the row and in the topic, and goes on', async () => {
    const { settings, instance, outside, story } = await stand(1);
    const { brokers } = settings.kafka;
    expect(brokers).toHaveLength(1);
    await instance.start();
    const bad: Message[] = [
      { key: 'room-test', value: null },
      { value: '{"requestId":' },
      { value: Buffer.from([0, 0, 0, 0, 1, 0x7b]) },
      { value: '{"roomId":"room-test"}' },
      { key: 'elsewhere', value: JSON.stringify(goodPick) },
      { value: Buffer.alloc(70_000, 'x') },
      { value: Buffer.from('{"requestId":"\u0000"}') },
    ];
    const reasons = [
      'empty',
      'not-json',
      'schema-registry-framing',
      'identity',
      'key-mismatch',
      'too-large',
      'not-json',
    ];
    await outside.send(
      bad.flatMap((message, i) => [
        pick(`good-${i}`),
        { ...message, partition: 0, headers: { trace: `t${i}` } },
      ]),
    );
    await soon('all good ones taken', () => story.taken.length === bad.length);
    await soon('all committed', async () => (await outside.committed())[0] === 2 * bad.length);
    expect(instance.rows.letters.map(({ reason }) => reason)).toEqual(reasons);
    const letters = await outside.read(settings.kafka.topics.deadLetters, bad.length);
    const byOffset = [...letters].sort(
      (a, b) => Number(a.headers['dl_offset']) - Number(b.headers['dl_offset']),
    );
    expect(byOffset.map(({ headers }) => headers['dl_reason'])).toEqual(reasons);
    expect(byOffset.map(({ headers }) => headers['trace'])).toEqual(bad.map((_, i) => `t${i}`));
    expect(byOffset.map(({ key }) => key)).toEqual(bad.map(({ key }) => key ?? null));
    expect(byOffset.map(({ value }) => value)).toEqual(bad.map(({ value }) => value?.toString() ?? null));
    expect(await instance.metric('usher_dead_letters_total{reason="key-mismatch"}')).toBe(1);
  });

  it('buries a request whose id was used for something else', async () => {
    const { settings, instance, outside, story } = await stand(1);
    story.answer = 'id-reused';
    await instance.start();
    await outside.send([pick('again')]);
    const [letter] = await outside.read(settings.kafka.topics.deadLetters, 1);
    expect(letter?.headers).toMatchObject({ dl_reason: 'request-id-reused', dl_offset: '0' });
    await soon('committed', async () => (await outside.committed())[0] === 1);
  });

  it('buries a message older than the memory for ids', async () => {
    const { settings, instance, outside } = await stand(1);
    // Only without LogAppendTime can a test write an old message, and only without a retention does the broker keep it.
    const configEntries = [{ name: 'retention.ms', value: '-1' }];
    await outside.admin.createTopics({ topics: [{ topic: settings.kafka.topics.requests, configEntries }] });
    await instance.start();
    const timestamp = String(Date.now() - 9 * 86_400_000);
    await outside.send([{ ...pick('old'), timestamp }]);
    const [letter] = await outside.read(settings.kafka.topics.deadLetters, 1);
    expect(letter?.headers).toMatchObject({
      dl_reason: 'too-old',
      dl_time: new Date(Number(timestamp)).toISOString(),
    });
  });

  it('survives a story that throws what would end kafkajs for good, and loses nothing', async () => {
    const { instance, outside, story } = await stand(1);
    await instance.start();
    story.answer = null;
    await outside.send([pick('bug')]);
    await soon('taken', () => story.taken.length === 1);
    story.fail(new SyntaxError('a bug'));
    story.answer = 'settled';
    await outside.send(picks(10));
    await soon('the others taken', () => story.taken.length === 11);
    await soon('told once', () => instance.log.count('error') === 1);
    expect(await outside.committed()).not.toContain(11);
    await instance.stop();
    const second = await another(instance);
    await soon('taken again by the next instance', () => second.story.taken.length === 11);
    await soon('committed', async () => (await outside.committed())[0] === 11);
  });

  it('builds a new consumer when one ends, and keeps what it holds', async () => {
    const { instance, outside, story } = await stand(1);
    story.answer = null;
    await instance.start();
    await outside.send(picks(5));
    await soon('taken', () => story.taken.length === 5);
    const good = CompressionCodecs[CompressionTypes.GZIP];
    CompressionCodecs[CompressionTypes.GZIP] = () => ({
      ...(good() as object),
      decompress: () => Promise.reject(new SyntaxError('cannot be unpacked')),
    });
    try {
      await outside.send(picks(5, 0, 5), CompressionTypes.GZIP);
      await soon('a rebuild', async () => (await instance.metric('usher_consumer_rebuilds_total')) >= 1);
    } finally {
      CompressionCodecs[CompressionTypes.GZIP] = good;
    }
    await soon('the rest taken', () => story.taken.length === 10);
    expect(story.ids()).toEqual(idsOf(10));
    expect(instance.log.lines).toContain('warn: the Kafka consumer ended and is built anew');
    story.settle();
    await soon('committed', async () => (await outside.committed())[0] === 10);
  });

  it('builds a new consumer when records are missing before a batch, and says so', async () => {
    const { settings, instance, outside, story } = await stand(1);
    story.answer = null;
    await instance.start();
    await outside.send(picks(6_000));
    await soon('the bound', () => story.taken.length === 5_000);
    // As the retention does to a partition that is not read for too long.
    const topic = settings.kafka.topics.requests;
    // kafkajs deletes records only after it has heard of the cluster.
    await outside.admin.fetchTopicMetadata({ topics: [topic] });
    await outside.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '5500' }] });
    story.settle();
    await soon('what is left', () => story.ids().at(-1) === 'p0-5999');
    expect(story.ids().slice(5_000)).toEqual(idsOf(500, 0, 5_500));
    expect(await instance.metric('usher_consumer_rebuilds_total')).toBe(1);
    expect(instance.log.fields).toContainEqual(
      expect.objectContaining({ error: 'partition 0 went on at offset 5500, not where it ended' }),
    );
    story.settle();
    await soon('committed', async () => (await outside.committed())[0] === 6_000);
  });

  it('passes the control records of transactions', async () => {
    const { settings, instance, outside, story } = await stand(1);
    await instance.start();
    await instance.joined();
    const rebuilds = await instance.metric('usher_consumer_rebuilds_total');
    const client = new kafkajs.Kafka({
      brokers: [...settings.kafka.brokers],
      logLevel: kafkajs.logLevel.NOTHING,
    });
    const producer = client.producer({
      transactionalId: settings.kafka.groupId,
      maxInFlightRequests: 1,
      idempotent: true,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    const topic = settings.kafka.topics.requests;
    for (const end of ['commit', 'abort', 'abort', 'commit'] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [pick(end)] });
      await transaction[end]();
    }
    await producer.disconnect();
    await outside.send(picks(1));
    await soon('all taken', () => story.taken.length === 3);
    expect(story.ids()).toEqual(['commit', 'commit', 'p0-0']);
    await soon('committed', async () => (await outside.committed())[0] === 9);
    expect(await instance.metric('usher_consumer_rebuilds_total')).toBe(rebuilds);
  });

  it('warns once of a room in the wrong partition', async () => {
    const { instance, outside, story } = await stand(4);
    await instance.start();
    await outside.send([0, 1, 2, 3, 0, 1, 2, 3].map((partition, i) => pick(`m-${i}`, partition)));
    await soon('all taken', () => story.taken.length === 8);
    await soon('noticed', async () => (await instance.metric('usher_misrouted_rooms_total')) === 1);
    expect(instance.log.lines.filter((line) => line.includes('unexpected partition'))).toHaveLength(1);
  });

  it('on a stop takes nothing more, finishes what is under way, commits and leaves', async () => {
    const { settings, instance, outside, story } = await stand(1);
    story.answer = null;
    await instance.start();
    await outside.send(picks(10));
    await soon('taken', () => story.taken.length === 10);
    instance.intake.stop();
    await outside.send(picks(10, 0, 10));
    const finished = instance.intake.finish(10_000);
    story.settle();
    await finished;
    expect(await outside.committed()).toEqual([10]);
    expect(story.taken).toHaveLength(10);
    const { groups } = await outside.admin.describeGroups([settings.kafka.groupId]);
    expect(groups[0]?.members).toEqual([]);
    expect([instance.log.count('error'), instance.fatal.length]).toEqual([0, 0]);
  });

  it('on a stop does not wait for what was sent away', async () => {
    const { instance, outside, story } = await stand(1);
    story.answer = null;
    await instance.start();
    await outside.send(picks(10));
    await soon('taken', () => story.taken.length === 10);
    story.settle(3);
    instance.intake.stop();
    story.fail(new Error('sent away'));
    const begun = performance.now();
    await instance.intake.finish(20_000);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(await outside.committed()).toEqual([3]);
    expect(instance.log.count('error')).toBe(0);
  });
});
