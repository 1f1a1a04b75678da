import type { RoomKey } from '../commands/ports.js';
import type { Answer, Reading } from '../seating/answer.js';
import { factsOfReading } from '../seating/facts.js';
import type { Database, RunOptions } from './database.js';
import { observeStatement } from './statements/others.js';
import { ToldFacts } from './told-facts.js';

/** How a call or a read ended that settles no request by itself. */
export interface Observation {
  readonly room: RoomKey;
  readonly nonce: string;
  readonly slotAt: number;
  readonly answer: Answer | Reading;
}

/** Notes a batch of them in the attempts, and in the mirror what reads found. */
export async function noteObservations(
  database: Database,
  batch: readonly Observation[],
  options: RunOptions,
): Promise<undefined[]> {
  const told = new ToldFacts();
  for (const { room, answer } of batch) if (isReading(answer)) told.add(room, factsOfReading(answer));
  const rows = batch.map(({ nonce, slotAt, answer }) => ({
    nonce,
    slot_at: slotAt,
    answer: shortened(answer),
  }));
  await database.run(observeStatement, [JSON.stringify(rows), told.toJson()], options);
  return [];
}

function isReading(answer: Answer | Reading): answer is Reading {
  return answer.kind === 'seats' || answer.kind === 'missing' || answer.kind === 'disabled';
}

/** The attempts keep how a read ended, not the seats: those are in the mirror. */
function shortened(answer: Answer | Reading): object {
  return answer.kind === 'seats' ? { ...answer, seats: undefined } : answer;
}
