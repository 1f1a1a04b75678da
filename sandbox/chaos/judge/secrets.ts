import { breach } from './breach.js';
import type { Breach } from './breach.js';
import type { TopicMessage } from '../history.js';
import type { Ledger } from './ledger.js';
import { placeOf } from './place.js';

/** P11: "Secrets and signatures appear in no log, no row, no event, no error text." Logs are not in the history. */
export function judgeSecrets({ history }: Ledger): Breach[] {
  const secrets = (history.secrets ?? [])
    .filter((secret) => secret !== '')
    .map((secret) => Buffer.from(secret));
  if (secrets.length === 0) return [];
  const holds = (bytes: Buffer | null): boolean =>
    bytes !== null && secrets.some((secret) => bytes.includes(secret));
  const inMessage = ({ key, value, headers }: TopicMessage): boolean =>
    holds(key) || holds(value) || Object.values(headers).some(holds);
  const found: Breach[] = [];
  for (const message of history.outcomes)
    if (inMessage(message))
      found.push(breach('P11', `outcome ${placeOf(message)} holds a secret`, { at: message.timestamp }));
  for (const message of history.deadLetters)
    if (inMessage(message))
      found.push(breach('P11', `dead letter ${placeOf(message)} holds a secret`, { at: message.timestamp }));
  for (const { requestId, value, headers, committedAt } of history.recorded)
    if (holds(value) || holds(headers))
      found.push(breach('P11', 'the recorded outcome holds a secret', { requestId, at: committedAt }));
  return found;
}
