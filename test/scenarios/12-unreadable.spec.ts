import { hash } from 'node:crypto';
import kafkajs from 'kafkajs';
import type { CompressionTypes as Compression } from 'kafkajs';
import { Cluster } from '../support/stage/cluster.js';
import { Stage } from '../support/stage/stage.js';
import type { ReadMessage } from '../support/stage/topic-reader.js';
import { registerZstdWriter } from '../support/stage/zstd.js';

const { CompressionTypes } = kafkajs;

/** REQUEST_MAX_BYTES, its default. */
const mostBytes = 65_536;
/** A batch with such a value is just below what a broker takes by default. */
const brokersMostBytes = 1_048_000;
/** A value of less fits the topic of the dead letters in any case. */
const fittingBytes = 900_000;
/** What a dead letter's row keeps at the most. */
const rowBytes = 1_048_576;

let stage: Stage;
let cluster: Cluster;
beforeAll(async () => {
  registerZstdWriter();
  stage = await Stage.set({ partitions: 1 });
  cluster = await Cluster.of(stage);
}, 90_000);
afterAll(async () => {
  await cluster.close();
  await stage.close();
});

type Pick = ReturnType<Stage['pick']>;

interface Bad {
  readonly reason: string;
  readonly key?: string | null;
  readonly value: string | Buffer | null;
  readonly compression?: Compression;
}

const members = Array.from({ length: 20 }, (_, at) => `member-${at}`);
const text = (value: object): string => JSON.stringify(value);
const bytesOf = (value: string | Buffer | null): Buffer | null =>
  value === null ? null : Buffer.from(value);

/** The request as JSON of exactly so many bytes; the unknown field is ignored. */
function padded(request: object, bytes: number): string {
  const bare = text({ ...request, padding: '' }).length;
  return text({ ...request, padding: 'x'.repeat(bytes - bare) });
}

/** Every kind of message that nobody can read, and why. */
function unreadable(roomId: string, good: Pick): readonly Bad[] {
  const other = { ...good, requestId: 'other', memberAccount: 'nobody' };
  return [
    { reason: 'empty', value: null },
    { reason: 'too-large', value: padded(other, mostBytes + 1) },
    { reason: 'too-large', value: padded(other, brokersMostBytes) },
    { reason: 'too-large', value: padded(other, 3_000_000), compression: CompressionTypes.GZIP },
    { reason: 'identity', value: text({ ...other, requestId: 'a\u0000b' }) },
    { reason: 'identity', value: text({ ...other, roomId: 'a\u0000b' }), key: null },
    { reason: 'not-json', value: text(other).replace('nobody', 'no\u0000body') },
    { reason: 'not-json', value: '{"requestId": ', compression: CompressionTypes.ZSTD },
    { reason: 'not-json', value: Buffer.from([0x7b, 0xff, 0x7d]) },
    { reason: 'schema-registry-framing', value: Buffer.from([0, 0, 0, 0, 7, 2, 4]) },
    { reason: 'identity', value: text({ type: 'pick', roomId, memberAccount: 'm', index: 1 }) },
    { reason: 'key-mismatch', key: 'another-room', value: text(other) },
    { reason: 'request-id-reused', value: text({ ...good, index: 5 }) },
  ];
}

/** Each bad one in one batch with a good one; then the good ones that are unusual, and a whole batch in zstd. */
async function produce(roomId: string, good: readonly Pick[], bad: readonly Bad[]): Promise<void> {
  const messageOf = (request: object | undefined) => ({ key: roomId, value: text(request ?? {}) });
  for (const [at, { key = roomId, value, compression }] of bad.entries()) {
    const marked = { key, value, headers: { mark: `kept-${at}` } };
    await cluster.send([messageOf(good[at]), marked], compression);
  }
  const [nullKey, maximal, ...others] = good.slice(bad.length);
  await cluster.send([
    { ...messageOf(nullKey), key: null },
    { key: roomId, value: padded(maximal ?? {}, mostBytes) },
  ]);
  await cluster.send(others.map(messageOf), CompressionTypes.ZSTD);
}

/** Every bad one lies in the topic, untouched or cut, with its reason; in the order of the partition. */
function expectLetters(roomId: string, bad: readonly Bad[]): void {
  const offsetOf = ({ headers }: ReadMessage): number => Number(headers['dl_offset']);
  const letters = [...stage.deadLetters].sort((a, b) => offsetOf(a) - offsetOf(b));
  expect(letters.map(({ headers }) => headers['dl_reason'])).toEqual(bad.map(({ reason }) => reason));
  for (const [at, letter] of letters.entries()) {
    const { key = roomId, value } = bad[at] as Bad;
    expect(letter).toMatchObject({
      key,
      headers: { mark: `kept-${at}`, dl_partition: '0', dl_topic: stage.settings['KAFKA_TOPIC_REQUESTS'] },
    });
    expect(letter.headers['dl_detail']?.length).toBeGreaterThan(10);
    expectValue(letter, bytesOf(value));
  }
}

function expectValue({ value, headers }: ReadMessage, original: Buffer | null): void {
  if (original === null || original.length < fittingBytes) {
    expect(value).toEqual(original);
    return;
  }
  // It cannot fit the topic: cut there, with its size and its hash.
  expect(value?.equals(original.subarray(0, value.length))).toBe(true);
  expect(headers).toMatchObject({
    dl_value_bytes: String(original.length),
    dl_value_sha256: hash('sha256', original),
  });
}

/** The rows keep what the topic cannot, up to a mebibyte. */
async function expectRows(bad: readonly Bad[]): Promise<void> {
  const rows = await stage.sql<{ reason: string; value: Buffer | null }>(
    'select reason, value from analytics.dead_letters order by kafka_offset',
  );
  const brief = (value: Buffer | null | undefined): string | null => (value ? hash('sha256', value) : null);
  expect(rows.map(({ reason, value }) => [reason, brief(value)])).toEqual(
    bad.map(({ reason, value }) => [reason, brief(bytesOf(value)?.subarray(0, rowBytes))]),
  );
}

it('scenario 12: among messages that nobody can read all good ones of the partition settle, all bad ones are explained, and the offset advances', async () => {
  const roomId = await stage.room({ seats: 20, members });
  const good = members.map((member, at) => stage.pick(roomId, member, at));
  const bad = unreadable(roomId, good[0] as Pick);
  // Its identity can be read, so it is answered.
  const answerable = stage.pick(roomId, 'no\u0000body', 0);
  await produce(roomId, good, bad);
  await stage.send(answerable);

  const outcomes = await stage.outcomesOf(good);
  expect(outcomes.filter(({ status }) => status !== 'done')).toEqual([]);
  // The twin's truth: everybody sits where they asked to, by one call each, and nobody called for a bad one.
  const { seats } = await stage.twin.room(roomId);
  expect(seats.map(({ memberAccount }) => memberAccount)).toEqual(members);
  expect(await stage.callsOf(roomId)).toHaveLength(good.length);
  expect(await stage.outcomesOf([answerable])).toMatchObject([
    {
      status: 'rejected',
      reason: 'invalid-request',
      decidedBy: 'validation',
      memberAccount: null,
      errors: [{ pointer: '/memberAccount' }],
    },
  ]);

  await stage.until(
    () => stage.deadLetters.length >= bad.length,
    'every unreadable message is a dead letter',
  );
  expectLetters(roomId, bad);
  await expectRows(bad);
  const ends = String(await cluster.ends());
  await stage.until(async () => String(await cluster.committed()) === ends, 'everything is committed');
}, 60_000);

it('scenario 12: nothing of it is read again after a restart', async () => {
  const before = [stage.outcomes.length, stage.deadLetters.length];
  expect(await stage.ushers[0]?.stop()).toEqual({ code: 0, signal: null });
  await stage.enter();
  const roomId = await stage.room({ members: ['mia'] });
  await stage.ask([stage.pick(roomId, 'mia', 0)]);
  expect([stage.outcomes.length - 1, stage.deadLetters.length]).toEqual(before);
}, 60_000);
