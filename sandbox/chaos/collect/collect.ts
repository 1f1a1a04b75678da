import type { History } from '../history.js';
import type { Parts } from '../parts/parts.js';
import { readTables } from './tables.js';
import { offsetsOf, readWhole } from './topics.js';

/** Everything that is known of the campaign from outside the service. The parts still run, and nothing happens any more. */
export async function collect(
  parts: Parts,
  seen: Pick<History, 'rules' | 'disturbances' | 'commitsSeen'>,
): Promise<History> {
  const { client, topics, twin, postgres, secrets } = parts;
  return {
    ...seen,
    secrets,
    requests: await readWhole(client, topics.requests),
    outcomes: await readWhole(client, topics.outcomes),
    deadLetters: await readWhole(client, topics.deadLetters),
    offsets: await offsetsOf(client, topics),
    ...(await readTables(postgres.url)),
    calls: await twin.control.calls(),
    effects: await twin.control.effects(),
  };
}
