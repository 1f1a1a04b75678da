import type { History, TopicMessage } from '../history.js';
import { allowances } from './allowances.js';
import { breach, breachOf } from './breach.js';
import type { Breach } from './breach.js';
import type { Ledger } from './ledger.js';
import { placeOf } from './place.js';

/** P2: "Recorded before published; published before its offset is committed. Nothing is acknowledged that could still be lost." */
export function judgeWritingOrder(ledger: Ledger): Breach[] {
  return [...recordedBefore(ledger), ...committedAfter(ledger), ...committedAtTheEnd(ledger)];
}

function recordedBefore(ledger: Ledger): Breach[] {
  const found: Breach[] = [];
  for (const { requestId, copies } of ledger.outcomes.values()) {
    const [{ timestamp }] = copies;
    for (const { committedAt } of ledger.rows.get(requestId) ?? []) {
      if (committedAt <= timestamp + allowances.roundingMs) continue;
      const what = `published ${(committedAt - timestamp).toFixed(1)} ms before it was recorded`;
      const ask = ledger.asksById.get(requestId)?.[0] ?? null;
      found.push({ ...breach('P2', what, { requestId, at: committedAt }), ask });
    }
  }
  return found;
}

/** By each look at the offsets: what lies below them had been answered by then. */
function committedAfter(ledger: Ledger): Breach[] {
  const commits = firstCommits(ledger.history);
  if (commits.size === 0) return [];
  const ofAsks = ledger.asks.flatMap((ask) =>
    ask.messages.flatMap((message) => {
      const answeredAt = ask.outcome?.copies[0].timestamp ?? buriedAt(message, ledger);
      const what = committedEarly(message, answeredAt, commits);
      return what === null ? [] : [breachOf('P2', ask, what, answeredAt)];
    }),
  );
  const ofOdd = ledger.odd.flatMap(({ message }) => {
    const at = buriedAt(message, ledger);
    const what = committedEarly(message, at, commits);
    return what === null ? [] : [breach('P2', what, { at: at ?? null })];
  });
  return [...ofAsks, ...ofOdd];
}

/** When each message was first seen to be committed. */
function firstCommits({ commitsSeen = [] }: History): Map<string, number> {
  const commits = new Map<string, number>();
  const upTo = new Map<number, number>();
  for (const { at, partition, committed } of [...commitsSeen].sort((a, b) => a.at - b.at)) {
    const known = upTo.get(partition) ?? 0;
    for (let offset = known; offset < committed; offset++) commits.set(placeOf({ partition, offset }), at);
    upTo.set(partition, Math.max(known, committed));
  }
  return commits;
}

/** What is to be told of a message that was committed before it was answered; one without an answer is lost anyway. */
function committedEarly(
  message: TopicMessage,
  answeredAt: number | undefined,
  commits: ReadonlyMap<string, number>,
): string | null {
  const place = placeOf(message);
  const committed = commits.get(place) ?? Infinity;
  if (answeredAt === undefined || answeredAt <= committed + allowances.clockMs) return null;
  return `the offset of message ${place} was committed before its answer was published`;
}

function buriedAt(message: TopicMessage, ledger: Ledger): number | undefined {
  return ledger.deadLetters.get(placeOf(message))?.[0]?.timestamp;
}

function committedAtTheEnd({ history }: Ledger): Breach[] {
  return history.offsets
    .filter(({ committed, end }) => committed !== end)
    .map(({ partition, committed, end }) => {
      const which = `partition ${partition}: committed up to ${committed}, its end is ${end}`;
      return breach('P2', `when all was over, not every offset was committed, ${which}`);
    });
}
