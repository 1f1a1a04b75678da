import type { History, RecordedRow, TopicMessage } from '../history.js';
import type { Ask } from './ask.js';
import { listed } from './listed.js';
import { readOutcome } from './read-outcome.js';
import type { Outcome } from './read-outcome.js';
import { placeOf } from './place.js';

/** What was answered, by the other topics and the table. */
export interface Answered {
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly noOutcomes: readonly TopicMessage[];
  readonly rows: ReadonlyMap<string, readonly RecordedRow[]>;
  readonly deadLetters: ReadonlyMap<string, readonly TopicMessage[]>;
}

/** Gathers the answers, and gives each request the outcome that answers it. */
export function readAnswered(history: History, asksById: ReadonlyMap<string, readonly Ask[]>): Answered {
  const noOutcomes: TopicMessage[] = [];
  const outcomes = readOutcomes(history.outcomes, noOutcomes);
  for (const outcome of outcomes.values()) {
    const answered = asksById.get(outcome.requestId)?.find((ask) => answers(outcome, ask));
    if (answered) answered.outcome = outcome;
  }
  const rows = new Map<string, RecordedRow[]>();
  for (const row of history.recorded) listed(rows, row.requestId).push(row);
  const deadLetters = new Map<string, TopicMessage[]>();
  for (const letter of history.deadLetters) listed(deadLetters, buriedPlace(letter)).push(letter);
  return { outcomes, noOutcomes, rows, deadLetters };
}

function readOutcomes(messages: readonly TopicMessage[], noOutcomes: TopicMessage[]): Map<string, Outcome> {
  const outcomes = new Map<string, Outcome & { copies: TopicMessage[] }>();
  const inOrder = [...messages].sort((a, b) => a.timestamp - b.timestamp || a.offset - b.offset);
  for (const message of inOrder) {
    const outcome = readOutcome(message);
    if (!outcome) {
      noOutcomes.push(message);
      continue;
    }
    const known = outcomes.get(outcome.requestId);
    if (known) known.copies.push(message);
    else outcomes.set(outcome.requestId, { ...outcome, copies: [message] });
  }
  return outcomes;
}

/** Whether it answers this very content, as far as the content could be read. */
function answers(outcome: Outcome, ask: Ask): boolean {
  if (outcome.roomId !== ask.roomId) return false;
  const asInvalid = outcome.decidedBy === 'validation';
  if (ask.soundness === 'unsound') return asInvalid;
  if (ask.soundness === 'unclear') return true;
  const { memberAccount, requestedIndex } = outcome;
  return !asInvalid && memberAccount === ask.memberAccount && requestedIndex === ask.index;
}

function buriedPlace({ headers }: TopicMessage): string {
  const { dl_partition: partition, dl_offset: offset } = headers;
  return placeOf({ partition: String(partition), offset: String(offset) });
}
