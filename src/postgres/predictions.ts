import type { Settlement } from '../commands/ports.js';
import type { KnownFact } from '../seating/room.js';
import type { Database, RunOptions } from './database.js';
import { settlementRow, valuesOf } from './settlement-row.js';
import { recordStatement } from './statements/record.js';

/** A request to be settled without a call, and the fact that its ending rests on. */
export interface Prediction {
  readonly settlement: Settlement;
  readonly premise: KnownFact | null;
}

export type Recorded = 'recorded' | 'stale' | 'known';

/** Records a batch of them in one statement. */
export async function recordPredictions(
  database: Database,
  batch: readonly Prediction[],
  options: RunOptions,
): Promise<Recorded[]> {
  const premises = new Map<KnownFact, object>();
  const rows = batch.map(({ settlement, premise }) =>
    settlementRow(settlement, { premise: numberOf(premise, settlement, premises) }),
  );
  const values = [
    valuesOf(batch.map(({ settlement }) => settlement)),
    JSON.stringify(rows),
    JSON.stringify([...premises.values()]),
  ];
  const results: Recorded[] = [];
  for (const row of await database.run<{ at: number; result: Recorded }>(recordStatement, values, options))
    results[row.at] = row.result;
  return results;
}

/** Rivals rest on one fact: it is named once a batch, and locked once. */
function numberOf(
  premise: KnownFact | null,
  { request }: Settlement,
  premises: Map<KnownFact, object>,
): number | null {
  if (!premise) return null;
  const known = premises.get(premise) as { no: number } | undefined;
  if (known) return known.no;
  const row = {
    no: premises.size,
    sdk_app_id: request.sdkAppId,
    room_id: request.roomId,
    subject: premise.subject,
    seat_index: premise.index,
    member_account: premise.memberAccount,
    version: premise.version,
  };
  premises.set(premise, row);
  return row.no;
}
