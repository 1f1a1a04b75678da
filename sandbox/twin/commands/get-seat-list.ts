import { z } from 'zod';
import { codes } from '../codes.js';
import type { TwinOptions } from '../options.js';
import type { TwinSeat } from '../room.js';
import { roomCommand, roomId } from './command.js';

/** Lists every seat of a room, the empty and the locked ones too. */
export const getSeatList = roomCommand(
  'room_engine_http_mic/get_seat_list',
  z.strictObject({ RoomId: roomId }),
  (_body, scene) => {
    const { room, options, asOf } = scene;
    if (!room.plan.seatsEnabled) {
      const refused = options.seatListWithoutSeats === 'refused';
      return refused ? { code: codes.seatsDisabled } : { code: codes.ok, response: { SeatList: [] } };
    }
    const seats = asOf === null ? room.seats : room.seatsAsOf(asOf);
    return { code: codes.ok, response: { SeatList: seats.map((seat) => listed(seat, options)) } };
  },
);

function listed(seat: TwinSeat, { freeSeatAccount }: TwinOptions): object {
  return {
    Index: seat.index,
    ...(seat.memberAccount !== null && { Member_Account: seat.memberAccount }),
    ...(seat.memberAccount === null && freeSeatAccount === 'empty-text' && { Member_Account: '' }),
    IsTakenDisabled: seat.locked,
    IsVideoDisabled: seat.videoForbidden,
    IsAudioDisabled: seat.audioForbidden,
  };
}
