import type { OpenClaim, RoomKey, Slot } from '../../../src/commands/ports.js';
import type { Answer, Reading } from '../../../src/seating/answer.js';
import type { SeatRequest } from '../../../src/seating/seat-request.js';

/** One call or read: written with its claim, completed with its answer. */
export interface AttemptRow {
  readonly nonce: string;
  readonly purpose: 'settle' | 'audit' | 'read-back';
  readonly roomId: string;
  /** Null for a read, as `attempt`. */
  readonly requestId: string | null;
  readonly attempt: number | null;
  readonly slotAt: number;
  /** Kind of the answer; null while there is none. */
  readonly class: string | null;
  readonly code: number | null;
}

/** The audit of the calls, in memory. */
export class FakeAttempts {
  private readonly byNonce = new Map<string, AttemptRow>();

  get rows(): readonly AttemptRow[] {
    return [...this.byNonce.values()];
  }

  open({ nonce, attempt, slotAt }: OpenClaim, request: SeatRequest, purpose: 'settle' | 'audit'): void {
    const { roomId, requestId } = request;
    this.byNonce.set(nonce, { nonce, purpose, roomId, requestId, attempt, slotAt, class: null, code: null });
  }

  openRead(
    { nonce, slot }: { readonly nonce: string; readonly slot: Slot },
    { roomId }: RoomKey,
    purpose: 'read-back',
  ): void {
    const read = { requestId: null, attempt: null, slotAt: slot.at, class: null, code: null };
    this.byNonce.set(nonce, { nonce, purpose, roomId, ...read });
  }

  close(nonce: string, answer: Answer | Reading): void {
    const row = this.byNonce.get(nonce);
    const code = answer.kind === 'unsent' ? null : answer.code;
    if (row) this.byNonce.set(nonce, { ...row, class: answer.kind, code });
  }
}
