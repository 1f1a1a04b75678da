import { hash } from 'node:crypto';

/** What is asked, in meaning; all that decides whether two messages with one id are the same request. */
export interface RequestContent {
  readonly type: string;
  readonly roomId: string;
  readonly memberAccount: string | null;
  readonly index: number | null;
  readonly policy: string | null;
  readonly targetRequestId: string | null;
}

/** SHA-256 (hex) over the content as canonical JSON (RFC 8785: names in order, nothing else). */
export function contentDigest(content: RequestContent): string {
  const { index, memberAccount, policy, roomId, targetRequestId, type } = content;
  const indexes = null;
  return hash(
    'sha256',
    JSON.stringify({ index, indexes, memberAccount, policy, roomId, targetRequestId, type }),
  );
}

/** SHA-256 (hex) over the bytes of a message that cannot be understood. */
export function rawDigest(value: Buffer): string {
  return hash('sha256', value);
}
