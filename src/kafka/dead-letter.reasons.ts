/** Why a message could not be taken as a request: the closed set of `dl_reason`. */
export type DeadLetterReason =
  /** No value: a tombstone, or zero bytes. */
  | 'empty'
  /** The value is longer than REQUEST_MAX_BYTES. */
  | 'too-large'
  /** The value begins with the magic byte of a schema registry. */
  | 'schema-registry-framing'
  /** The value is not the one JSON text that everybody reads the same way. */
  | 'not-json'
  /** `requestId` or `roomId` cannot be read, so nobody could be answered. */
  | 'identity'
  /** The record key is not the `roomId`, so the order of the room is not kept. */
  | 'key-mismatch'
  /** Appended before the time for which ids are remembered. */
  | 'too-old'
  /** The id was used before for other content. */
  | 'request-id-reused';
