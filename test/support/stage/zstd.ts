import kafkajs from 'kafkajs';

const { CompressionCodecs, CompressionTypes } = kafkajs;

/** Longest block of a frame. */
const blockBytes = 131_072;

/** Teaches kafkajs in this process to write zstd, which Node.js 20 cannot: frames of raw blocks, as valid as any other. */
export function registerZstdWriter(): void {
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: ({ buffer }: { readonly buffer: Buffer }) => Promise.resolve(frameOf(buffer)),
    decompress: () => Promise.reject(new Error('zstd is written here, not read.')),
  });
}

/** RFC 8878: magic number, a descriptor that announces eight bytes of size and one segment, raw blocks. */
function frameOf(content: Buffer): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32LE(0xfd2fb528, 0);
  head.writeUInt8(0b1110_0000, 4);
  head.writeBigUInt64LE(BigInt(content.length), 5);
  const parts: Buffer[] = [head];
  let at = 0;
  do {
    const block = content.subarray(at, at + blockBytes);
    at += block.length;
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (at === content.length ? 1 : 0), 0, 3);
    parts.push(header, block);
  } while (at < content.length);
  return Buffer.concat(parts);
}
