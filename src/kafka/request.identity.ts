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

const idAdvice = 'Send a text of 1–128 printable ASCII characters.';
const roomAdvice = 'Send a text of 1–48 bytes.';

/** The identity of a request, or a sentence saying why it cannot be read. `ce_id` fills a missing `requestId`. */
export function readIdentity(
  fields: Readonly<Record<string, unknown>>,
  headers: IHeaders,
): RequestIdentity | string {
  const eventId = headerText(headers, 'ce_id');
  const requestId = fields['requestId'] ?? eventId;
  const roomId = fields['roomId'] ?? null;
  const idFault = requestIdFault(requestId);
  if (idFault !== null) return `requestId ${idFault}. ${idAdvice}`;
  const roomFault = roomId === null ? 'is missing' : textFault(roomId, { min: 1, max: 48, unit: 'bytes' });
  if (roomFault !== null) return `roomId ${roomFault}. ${roomAdvice}`;
  const conflictingId = eventId === null || eventId === requestId ? null : eventId;
  return { requestId: requestId as string, roomId: roomId as string, conflictingId };
}

function requestIdFault(requestId: unknown): string | null {
  if (requestId === null) return 'is missing';
  const fault = textFault(requestId, { min: 1, max: 128, unit: 'characters' });
  return fault ?? (isPrintableAscii(requestId as string) ? null : 'must be printable ASCII');
}
