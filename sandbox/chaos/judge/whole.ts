import type { History, TopicMessage } from '../history.js';
import { breach } from './breach.js';
import type { Breach } from './breach.js';
import { listed } from './listed.js';
import type { Ledger } from './ledger.js';

/**
 * Before anything is promised: the history must be whole. A call, an effect or a message that was not fetched would make
 * a silent checker look like a faithful service.
 */
export function judgeWholeness({ history }: Ledger): Breach[] {
  return [
    ...gaps('call', history.calls),
    ...gaps('effect', history.effects),
    ...topicGaps('request', history.requests, history),
    ...topicGaps('outcome', history.outcomes, null),
    ...topicGaps('dead letter', history.deadLetters, null),
  ];
}

function gaps(what: string, entries: readonly { readonly n: number }[]): Breach[] {
  const found: Breach[] = [];
  let next = 1;
  for (const { n } of entries) {
    if (n !== next) found.push(breach('history', `${what}s ${next} to ${n - 1} of the twin are missing`));
    next = n + 1;
  }
  return found;
}

function topicGaps(what: string, messages: readonly TopicMessage[], history: History | null): Breach[] {
  const found: Breach[] = [];
  const partitions = new Map<number, number[]>();
  for (const { partition, offset } of messages) listed(partitions, partition).push(offset);
  for (const { partition, end } of history?.offsets ?? []) listed(partitions, partition).push(end);
  for (const [partition, offsets] of partitions) {
    offsets.sort((a, b) => a - b);
    offsets.forEach((offset, at) => {
      const expected = at === 0 ? 0 : (offsets[at - 1] ?? 0) + 1;
      if (offset !== expected)
        found.push(breach('history', `${what}s ${partition}/${expected} to ${offset - 1} are missing`));
    });
  }
  return found;
}
