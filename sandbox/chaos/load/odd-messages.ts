import type { Chance } from '../../parts/chance.js';
import type { Message, Pick } from './message.js';
import { pickMessage } from './message.js';

type Make = (pick: Pick, requestId: string) => Message;

/** A room's message that has no readable identity: nobody is answered. */
const dead =
  (value: (pick: Pick, requestId: string) => Buffer | string | null, key?: string): Make =>
  (pick, requestId) => {
    const text = value(pick, requestId);
    const bytes = text === null ? null : Buffer.from(text);
    return { key: key ?? pick.roomId, value: bytes, awaits: null };
  };

const unreadable: readonly Make[] = [
  dead(() => 'pick me'),
  dead(() => null),
  dead(() => ''),
  dead(() => '[1, 2]'),
  dead(() => Buffer.from([0, 0, 0, 0, 7, 123, 125])),
  dead(() => Buffer.from([0xff, 0xfe, 0x7b, 0x7d])),
  dead(({ roomId }) => JSON.stringify({ type: 'pick', roomId, memberAccount: 'nobody', index: 1 })),
  dead((pick, requestId) => JSON.stringify({ requestId, type: 'pick', ...pick }), 'another-room'),
  dead((pick, requestId) => JSON.stringify({ requestId, type: 'pick', ...pick, note: 'x'.repeat(70_000) })),
  dead((pick, requestId) => `{"requestId":"${requestId}","roomId":"${pick.roomId}","roomId":"other"}`),
];

const invalid: readonly Make[] = [
  (pick, id) => pickMessage(id, { ...pick, index: -1 }),
  (pick, id) => pickMessage(id, { ...pick, index: 1.5 }),
  (pick, id) => pickMessage(id, { ...pick, memberAccount: '' }),
  (pick, id) => pickMessage(id, { ...pick, memberAccount: 'm'.repeat(33) }),
  (pick, id) => pickMessage(id, pick, { deadline: 'soon' }),
  (pick, id) => pickMessage(id, pick, { sdkAppId: 1 }),
  (pick, id) => pickMessage(id, pick, { type: 'sit' }),
  (pick, id) => pickMessage(id, pick, { type: 'kick' }),
];

/** A message that cannot be read as a request: a dead letter. */
export function unreadableMessage(chance: Chance, pick: Pick, requestId: string): Message {
  return chance.one(unreadable)(pick, requestId);
}

/** A message whose sender can be told what is wrong with it. */
export function invalidMessage(chance: Chance, pick: Pick, requestId: string): Message {
  return chance.one(invalid)(pick, requestId);
}

/** The same request once more: as it was, or with other spacing and order. */
export function repeated(chance: Chance, message: Message): Message {
  if (message.value === null || chance.happens(0.5)) return message;
  const fields = Object.entries(JSON.parse(String(message.value)) as object).reverse();
  return { ...message, value: Buffer.from(JSON.stringify(Object.fromEntries(fields), null, 1)) };
}
