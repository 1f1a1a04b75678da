import type { TopicMessage } from '../history.js';
import type { Ask } from './ask.js';
import { breach, breachOf } from './breach.js';
import type { Breach } from './breach.js';
import type { Ledger } from './ledger.js';
import { placeOf } from './place.js';

/**
 * P1: "Every readable request … ends in exactly one outcome: recorded once, published at least once". P9: "A message that
 * cannot be read … is never lost, and says why it could not be read."
 */
export function judgeLoss(ledger: Ledger): Breach[] {
  return [
    ...[...ledger.asksById.values()].flatMap((asks) => ofOneId(asks, ledger)),
    ...ledger.odd.flatMap((odd) => ofOdd(odd, ledger)),
    ...unasked(ledger),
  ];
}

function ofOneId(asks: readonly Ask[], ledger: Ledger): Breach[] {
  const [first] = asks;
  if (!first) return [];
  const outcome = ledger.outcomes.get(first.requestId);
  const rows = ledger.rows.get(first.requestId)?.length ?? 0;
  const found: Breach[] = [];
  if (!outcome) found.push(breachOf('P1', first, 'lost: there is no outcome in the topic'));
  if (rows !== 1) found.push(breachOf('P1', first, `recorded ${rows} times instead of once`));
  const answered = asks.find((ask) => ask.outcome !== null);
  if (outcome && !answered)
    found.push(breachOf('P1', first, 'the outcome answers something else than was asked'));
  if (answered) found.push(...ofContents(asks, answered, ledger));
  return found;
}

/** One content of the id was answered; messages with another content are dead letters. */
function ofContents(asks: readonly Ask[], answered: Ask, ledger: Ledger): Breach[] {
  const found: Breach[] = [];
  const isClear = asks.every((ask) => ask.soundness !== 'unclear');
  for (const message of answered.messages) {
    if (isClear && lettersOf(message, ledger).length > 0)
      found.push(breachOf('P1', answered, `answered, and yet a dead letter as well: ${placeOf(message)}`));
  }
  for (const ask of asks) {
    if (ask === answered || !isClear) continue;
    if (isEarlier(ask, answered))
      found.push(
        breachOf('P1', ask, 'a later message with the same id and other content was answered instead'),
      );
    for (const message of ask.messages) found.push(...ofReused(message, ask, ledger));
  }
  return found;
}

/** Within a room the order of the topic decides which of two contents counts. */
function isEarlier(ask: Ask, answered: Ask): boolean {
  const [one] = ask.messages;
  const [other] = answered.messages;
  return ask.roomId === answered.roomId && one.partition === other.partition && one.offset < other.offset;
}

function ofReused(message: TopicMessage, ask: Ask, ledger: Ledger): Breach[] {
  const [letter] = lettersOf(message, ledger);
  const reason = letter?.headers['dl_reason']?.toString();
  if (reason === 'request-id-reused') return [];
  const what = letter ? `a dead letter for another reason (${reason ?? 'none'})` : 'no dead letter';
  return [breachOf('P1', ask, `message ${placeOf(message)} reuses an id for other content, and is ${what}`)];
}

function ofOdd({ message, perhaps }: Ledger['odd'][number], ledger: Ledger): Breach[] {
  const letters = lettersOf(message, ledger);
  if (letters.length > 0 || (perhaps !== null && ledger.outcomes.has(perhaps))) return [];
  const what = `lost: message ${placeOf(message)} cannot be read, and there is no dead letter of it`;
  return [breach('P9', what, { at: message.timestamp })];
}

/** Answers to nothing. */
function unasked(ledger: Ledger): Breach[] {
  const found: Breach[] = [];
  const isKnown = (id: string): boolean =>
    ledger.asksById.has(id) || ledger.odd.some(({ perhaps }) => perhaps === id);
  for (const [requestId, { copies }] of ledger.outcomes)
    if (!isKnown(requestId))
      found.push(breach('P1', 'an outcome that nobody asked for', { requestId, at: copies[0].timestamp }));
  for (const [requestId, [row]] of ledger.rows)
    if (!isKnown(requestId))
      found.push(
        breach('P1', 'a recorded outcome that nobody asked for', { requestId, at: row?.committedAt ?? null }),
      );
  for (const message of ledger.noOutcomes)
    found.push(
      breach('P1', `message ${placeOf(message)} of the outcome topic is no outcome`, {
        at: message.timestamp,
      }),
    );
  return found;
}

function lettersOf(message: TopicMessage, ledger: Ledger): readonly TopicMessage[] {
  return ledger.deadLetters.get(placeOf(message)) ?? [];
}
