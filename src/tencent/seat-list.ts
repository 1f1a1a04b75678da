import { isLosslessNumber } from 'lossless-json';
import type { ReadSeat } from '../seating/answer.js';
import { isRecord } from './envelope.js';

/**
 * The payload of `get_seat_list` → seats. Null where anything in it is not understood: half a list would tell of seats
 * that are not there. An empty list is a list.
 */
export function seatsOf(payload: unknown): readonly ReadSeat[] | null {
  const list = isRecord(payload) ? payload['SeatList'] : null;
  if (!Array.isArray(list)) return null;
  const seats: ReadSeat[] = [];
  const seen = new Set<number>();
  for (const item of list as unknown[]) {
    const seat = isRecord(item) ? seatOf(item) : null;
    if (!seat || seen.has(seat.index)) return null;
    seen.add(seat.index);
    seats.push(seat);
  }
  return seats;
}

function seatOf({
  Index,
  Member_Account,
  IsTakenDisabled,
}: Readonly<Record<string, unknown>>): ReadSeat | null {
  const index = isLosslessNumber(Index) ? Number(Index.value) : NaN;
  const occupant = accountOf(Member_Account);
  const locked = IsTakenDisabled ?? false;
  if (!Number.isSafeInteger(index) || index < 0 || occupant === undefined || typeof locked !== 'boolean')
    return null;
  return { index, occupant, locked };
}

/** A free seat has no account, or an empty one. Tencent sends some accounts as bare numbers, beyond 2^53 too. */
function accountOf(account: unknown): string | null | undefined {
  if (account === undefined || account === null || account === '') return null;
  if (isLosslessNumber(account)) return /^\d+$/.test(account.value) ? account.value : undefined;
  // What Postgres cannot store cannot be compared with what it stores.
  return typeof account === 'string' && !/[\0\p{Surrogate}]/u.test(account) ? account : undefined;
}
