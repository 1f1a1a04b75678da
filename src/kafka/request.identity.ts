import type { IHeaders } from 'kafkajs';
import { headerText } from './kafka.record.js';
import { isPrintableAscii, textFault } from './text.fault.js';

/** Who is asking for which room: what must be readable before anybody can be answered. */
export interface RequestIdentity {
  readonly requestId: string;
  readonly roomId: string;
  /** The id that a CloudEvents header gives, when it is another one. */
  readonly conflictingId: string | null;
}

/** The identity of a request, or a sentence saying why it cannot be read. `ce_id` fills a missing `requestId`. */
export function readIdentity(
  fields: Readonly<Record<string, unknown>>,
  headers: IHeaders,
): RequestIdentity | string {
  const eventId = headerText(headers, 'ce_id');
  const requestId = fields['requestId'] ?? eventId;
  const roomId = fields['roomId'] ?? null;
  if (requestId === null) return 'requestId is missing. Send a text of 1–128 printable ASCII characters.';
  if (roomId === null) return 'roomId is missing. Send a text of 1–48 bytes.';
  const idFault = textFault(requestId, { min: 1, max: 128, unit: 'characters' });
  if (typeof requestId !== 'string' || idFault !== null || !isPrintableAscii(requestId)) {
    return `requestId ${idFault ?? 'must be printable ASCII'}. Send a text of 1–128 printable ASCII characters.`;
  }
  const roomFault = textFault(roomId, { min: 1, max: 48, unit: 'bytes' });
  if (typeof roomId !== 'string' || roomFault !== null)
    return `roomId ${roomFault}. Send a text of 1–48 bytes.`;
  return { requestId, roomId, conflictingId: eventId === null || eventId === requestId ? null : eventId };
}
