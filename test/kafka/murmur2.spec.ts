import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { partitionOf } from '../../src/kafka/murmur2.js';

const chosenByKafkajs = (key: Buffer, partitions: number): number =>
  kafkajs.Partitioners.DefaultPartitioner()({
    topic: 't',
    partitionMetadata: Array.from({ length: partitions }, (_, partitionId) => ({
      partitionErrorCode: 0,
      partitionId,
      leader: 1,
      replicas: [],
      isr: [],
    })),
    message: { key, value: null },
  });

describe('the partition of a key', () => {
  // From the tests of Apache Kafka's Utils.murmur2: -973932308, -790332482, 985 … as unsigned remainders.
  it.each([
    ['21', -973_932_308],
    ['foobar', -790_332_482],
    ['a-little-bit-long-string', -985_981_536],
    ['a-little-bit-longer-string', -1_486_304_829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
    ['abc', 479_470_107],
  ])('of %s is what Java computes', (key, hash) => {
    for (const partitions of [1, 7, 12, 2 ** 31 - 1]) {
      expect(partitionOf(Buffer.from(key), partitions)).toBe((hash & 0x7fffffff) % partitions);
    }
  });

  it('is the one kafkajs chooses', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 50 }), (bytes, partitions) => {
        const key = Buffer.from(bytes);
        expect(partitionOf(key, partitions)).toBe(chosenByKafkajs(key, partitions));
      }),
    );
  });
});
