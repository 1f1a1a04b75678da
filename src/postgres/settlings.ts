import type { OpenClaim, Settlement } from '../commands/ports.js';
import type { SentAnswer } from '../seating/answer.js';
import { factsOfAnswer } from '../seating/facts.js';
import type { Database, RunOptions } from './database.js';
import { settlementRow, valuesOf } from './settlement-row.js';
import { settleStatement } from './statements/settle.js';
import { ToldFacts } from './told-facts.js';

/** A request that made a call: the claim that it settles, and what this owner's last call was answered with. */
export interface Settling {
  readonly claim: OpenClaim;
  readonly settlement: Settlement;
  readonly answer: SentAnswer | null;
}

/** `lost`: another owner was faster. */
export type Settled = 'recorded' | 'lost';

/** Records a batch of them in one statement. */
export async function recordSettlings(
  database: Database,
  batch: readonly Settling[],
  options: RunOptions,
): Promise<Settled[]> {
  const told = new ToldFacts();
  for (const { claim, answer } of batch) if (answer) told.add(claim.call, factsOfAnswer(claim.call, answer));
  const rows = batch.map(({ claim, settlement, answer }) =>
    settlementRow(settlement, { prior: claim.nonce, slotAt: claim.slotAt, answer }),
  );
  const values = [valuesOf(batch.map(({ settlement }) => settlement)), JSON.stringify(rows), told.toJson()];
  const results: Settled[] = [];
  for (const row of await database.run<{ at: number; result: Settled }>(settleStatement, values, options))
    results[row.at] = row.result;
  return results;
}
