import * as zlib from 'node:zlib';
import { decompress as decompressZstd } from 'fzstd';
import kafkajs from 'kafkajs';
import snappy from 'kafkajs-snappy';
import lz4 from 'lz4js';

const { CompressionCodecs, CompressionTypes } = kafkajs;

/** What kafkajs wants of a codec. */
interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(bytes: Buffer): Promise<Buffer>;
}

/** Node 22.15 and later only. */
interface NativeZstd {
  zstdCompressSync?(bytes: Buffer): Buffer;
  zstdDecompressSync?(bytes: Buffer): Buffer;
}

/**
 * Teaches kafkajs the codecs that producers use: snappy, lz4 and zstd (gzip is built in). A fetch with an unknown codec
 * cannot be skipped record by record, so without them one such batch stops its partition. Harmless when repeated.
 */
export function registerCodecs(): void {
  CompressionCodecs[CompressionTypes.Snappy] = snappy;
  CompressionCodecs[CompressionTypes.LZ4] = () => lz4Codec;
  CompressionCodecs[CompressionTypes.ZSTD] = () => zstdCodec;
}

const lz4Codec: Codec = {
  // Brokers refuse the frames that lz4js writes: it marks their blocks as dependent.
  compress: () => Promise.reject(new Error('lz4 is read here, not written. Use another codec.')),
  decompress: (bytes) => later(() => Buffer.from(lz4.decompress(bytes))),
};

const native = zlib as NativeZstd;
const zstdCodec: Codec = {
  compress: ({ buffer }) =>
    later(() => {
      if (native.zstdCompressSync) return native.zstdCompressSync(buffer);
      throw new Error(
        'This Node.js cannot compress with zstd. Use Node.js 22.15 or later, or another codec.',
      );
    }),
  decompress: (bytes) =>
    later(() => native.zstdDecompressSync?.(bytes) ?? Buffer.from(decompressZstd(bytes))),
};

/** Turns what is thrown into a rejection. */
function later(work: () => Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
