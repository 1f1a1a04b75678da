import type { TopicMessage } from '../history.js';
import type { Ask } from './ask.js';
import { listed } from './listed.js';
import { nothing } from './pairing.js';
import { readRequest } from './read-request.js';

/** A message that is no request with an identity. */
export interface OddMessage {
  readonly message: TopicMessage;
  /** Null: surely unreadable. Else it is unclear whether it had to be understood, and this is the id it may have. */
  readonly perhaps: string | null;
}

/** What was asked for, by the request topic. */
export interface Asked {
  /** In topic order, by the first message of each. */
  readonly asks: readonly Ask[];
  readonly asksById: ReadonlyMap<string, readonly Ask[]>;
  readonly odd: readonly OddMessage[];
}

/** Messages → requests: copies of one request are one, other contents under its id are others. */
export function readAsked(messages: readonly TopicMessage[]): Asked {
  const asks: Ask[] = [];
  const asksById = new Map<string, Ask[]>();
  const odd: OddMessage[] = [];
  for (const message of inTopicOrder(messages)) {
    const reading = readRequest(message);
    if (reading.kind !== 'ask') {
      const perhaps = reading.kind === 'unclear' ? reading.requestId : null;
      odd.push({ message, perhaps });
      continue;
    }
    const { requestId, content } = reading.ask;
    const known = asksById.get(requestId)?.find((ask) => ask.content === content);
    if (known) known.messages.push(message);
    else {
      const fresh = { outcome: null, calls: [], claims: [], paired: nothing, takes: [], shared: false };
      const ask: Ask = { ...reading.ask, messages: [message], ...fresh };
      asks.push(ask);
      listed(asksById, requestId).push(ask);
    }
  }
  return { asks, asksById, odd };
}

function inTopicOrder(messages: readonly TopicMessage[]): TopicMessage[] {
  return [...messages].sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}
