/** A message for the request topic. */
export interface Message {
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Id of the request whose outcome it waits for; null where nobody waits: unreadable, or an id used before. */
  readonly awaits: string | null;
}

/** Names a request as the wire does. */
export interface Pick {
  readonly roomId: string;
  readonly memberAccount: string;
  readonly index: number;
}

/** A request in JSON under its room as the key. */
export function pickMessage(requestId: string, pick: Pick, more: object = {}): Message {
  const value = Buffer.from(JSON.stringify({ requestId, type: 'pick', ...pick, ...more }));
  return { key: pick.roomId, value, awaits: requestId };
}
