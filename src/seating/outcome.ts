import type { Advice, DecidedBy, Reason, Status } from './reasons.js';
import type { EvidenceSource } from './room.js';
import type { RequestFault, SeatRequest } from './seat-request.js';

/** What a prediction or a read-back rests on, as told in the outcome. */
export interface CitedEvidence {
  readonly source: EvidenceSource;
  /** Age at `settledAt`, in milliseconds. */
  readonly ageMs: number;
  /** When the read ended that showed it; null where it was no read. Epoch milliseconds. */
  readonly readAt: number | null;
  readonly occupant: string | null;
}

/** How a request ends, before it is written down: the rules' word. */
export interface Ending {
  readonly status: Status;
  readonly reason: Reason | null;
  /** Tencent's code, also for the answer that a prediction saved; null where there is none. */
  readonly code: number | null;
  /** A sentence for people. */
  readonly message: string;
  readonly decidedBy: DecidedBy;
  readonly evidence: CitedEvidence | null;
  /** Who lies in the way, or where the member sits; null where nobody knows. */
  readonly tencentRequestId: string | null;
}

/** The one outcome of a request. */
export interface Outcome extends Ending {
  readonly request: SeatRequest;
  readonly advice: Advice;
  /** The reason that the mirror would have given, where the request was drawn as a sample; else null. */
  readonly predicted: Reason | null;
  /** Calls claimed and not proven unsent; reads do not count. */
  readonly attempts: number;
  readonly errors: readonly RequestFault[] | null;
  /** Epoch milliseconds, database clock. */
  readonly settledAt: number;
}
