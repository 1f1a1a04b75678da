import type { TopicMessage } from '../history.js';
import { breach } from './breach.js';
import type { Breach } from './breach.js';
import { differences } from './copies.js';
import type { Ledger } from './ledger.js';
import { placeOf } from './place.js';

/** P9 and contract 5: a dead letter is "the original key, value and headers untouched, plus headers"; copies are identical. */
export function judgeDeadLetters(ledger: Ledger): Breach[] {
  const originals = new Map(ledger.history.requests.map((message) => [placeOf(message), message]));
  const found: Breach[] = [];
  for (const [place, letters] of ledger.deadLetters) {
    const [first] = letters;
    const original = originals.get(place);
    if (!first) continue;
    const at = first.timestamp;
    if (!original) {
      found.push(breach('P9', `a dead letter of message ${place}, which does not exist`, { at }));
      continue;
    }
    for (const copy of letters.slice(1))
      for (const what of differences(first, copy))
        found.push(
          breach('P1', `two copies of the dead letter of message ${place} differ in ${what}`, { at }),
        );
    for (const what of changes(original, first))
      found.push(breach('P9', `the dead letter of message ${place} does not keep ${what}`, { at }));
  }
  return found;
}

/** What the dead letter has lost of the original. What cannot fit the topic is cut, and says so. */
function changes(original: TopicMessage, letter: TopicMessage): string[] {
  const { headers } = letter;
  const cut = [headers['dl_value_bytes'] && 'the value', headers['dl_headers_bytes'] && 'headers'];
  const kept = {
    ...letter,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('dl_'))),
  };
  const lost = differences(original, kept).filter(
    (what) => what !== cut[0] && !(cut[1] && what.startsWith('the header')),
  );
  return headers['dl_reason'] ? lost : [...lost, 'a reason'];
}
