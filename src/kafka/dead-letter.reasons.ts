/** Why a message could not be taken as a request: the closed set of `dl_reason`, with what each one means. */
export const deadLetterReasons = {
  empty: 'the message has no value (a tombstone, or zero bytes)',
  'too-large': 'the value is longer than REQUEST_MAX_BYTES',
  'schema-registry-framing':
    'the value begins with the magic byte of a schema registry; requests are plain JSON',
  'not-json': 'the value is not the one JSON text that everybody reads the same way',
  identity: 'requestId or roomId cannot be read, so nobody could be answered',
  'key-mismatch': 'the record key is not the roomId, so the order of the room is not kept',
  'too-old': 'the message was appended before the time for which ids are remembered',
  'request-id-reused': 'the id was used before for other content',
} as const;

export type DeadLetterReason = keyof typeof deadLetterReasons;
