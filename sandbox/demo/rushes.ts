import { rushSize } from './star.director.js';
import type { SeenOutcome } from './seen-outcome.js';

/** Follows the rush for the seat beside a star: what did it cost? */
export class Rushes {
  private readonly runs = new Map<string, { answered: number; calls: number; winner: string | null }>();

  /** Notes an outcome, once. Returns the news when it was the last one of its rush. */
  outcome({ correlationId, status, attempts, memberAccount, index, roomId }: SeenOutcome): string | null {
    if (correlationId?.startsWith('rush-') !== true) return null;
    const run = this.runs.get(correlationId) ?? { answered: 0, calls: 0, winner: null };
    run.answered += 1;
    run.calls += attempts;
    if (status === 'done') run.winner = memberAccount;
    this.runs.set(correlationId, run);
    if (run.answered < rushSize) return null;
    this.runs.delete(correlationId);
    const won = run.winner === null ? 'nobody got it' : `${run.winner} got it`;
    const calls = run.calls === 1 ? '1 call' : `${run.calls} calls`;
    return `${rushSize} asked for seat ${index ?? '?'} of ${roomId}: ${won}, with ${calls} to Tencent in all`;
  }
}
