import { z } from 'zod';
import { codes } from '../codes.js';
import { account, roomCommand, roomId, success } from './command.js';

/** Takes a member off whatever seat it holds; it is addressed by member, not by seat. */
export const kickUserOffSeat = roomCommand(
  'room_engine_http_mic/kick_user_off_seat',
  z.strictObject({ RoomId: roomId, Member_Account: account, Data: z.string() }),
  ({ Member_Account: member, Data: text }, { room, options, cause }) => {
    if (text === '' && options.emptyKickDataRefused) {
      return { code: codes.badParameter, text: 'Data is empty' };
    }
    if (Buffer.byteLength(text) > options.kickDataMaxBytes) {
      return { code: codes.badParameter, text: 'Data is too long' };
    }
    if (!room.members.has(member)) return { code: options.kickNonMemberCode };
    const seat = room.seatOf(member);
    if (seat === undefined) return { code: options.kickUnseatedCode };
    room.free(seat.index, cause);
    return success;
  },
);
