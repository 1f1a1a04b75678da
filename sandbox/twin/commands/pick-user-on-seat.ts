import { z } from 'zod';
import { codes } from '../codes.js';
import type { PickCheck, TwinOptions } from '../options.js';
import type { TwinRoom } from '../room.js';
import { account, roomCommand, roomId, success } from './command.js';

interface Pick {
  readonly room: TwinRoom;
  readonly member: string;
  readonly index: number;
  readonly options: TwinOptions;
}

/** Each check of a pick: the code that refuses it, or null. Their order is the option `checkOrder`. */
const checks: Record<PickCheck, (pick: Pick) => number | null> = {
  'seats-disabled': ({ room }) => (room.plan.seatsEnabled ? null : codes.seatsDisabled),
  'not-a-member': ({ room, member }) => (room.members.has(member) ? null : codes.notAMember),
  'already-seated': ({ room, member, index, options }) => {
    const seat = room.seatOf(member);
    if (seat === undefined) return null;
    return seat.index === index ? options.sameSeatCode : codes.alreadySeated;
  },
  queued: ({ room, member }) => (room.queued.has(member) ? codes.queued : null),
  'no-such-seat': ({ room, index, options }) =>
    room.seats[index] === undefined ? options.indexOutOfRangeCode : null,
  locked: ({ room, index }) => (room.seats[index]?.locked === true ? codes.seatLocked : null),
  full: ({ room }) =>
    room.seats.every((seat) => seat.locked || seat.memberAccount !== null) ? codes.seatsFull : null,
  occupied: ({ room, index, options }) => {
    const holder = room.seats[index]?.memberAccount ?? null;
    return holder === null ? null : options.occupiedCode;
  },
};

/** Puts a member on a seat. */
export const pickUserOnSeat = roomCommand(
  'room_engine_http_mic/pick_user_on_seat',
  z.strictObject({ RoomId: roomId, Member_Account: account, Index: z.int() }),
  ({ Member_Account: member, Index: index }, { room, options, cause }) => {
    for (const check of options.checkOrder) {
      const code = checks[check]({ room, member, index, options });
      if (code !== null) return { code };
    }
    room.take(index, member, cause);
    return success;
  },
);
