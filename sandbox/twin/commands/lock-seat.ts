import { z } from 'zod';
import { codes } from '../codes.js';
import { roomCommand, roomId, success } from './command.js';

const flag = z.boolean().optional();

/** Locks or unlocks a seat, and takes or gives back camera and microphone of whoever sits there. */
export const lockSeat = roomCommand(
  'room_engine_http_mic/lock_seat',
  z.strictObject({ RoomId: roomId, Index: z.int(), ForbidTaken: flag, ForbidVideo: flag, ForbidAudio: flag }),
  ({ Index: index, ForbidTaken, ForbidVideo, ForbidAudio }, { room, options, cause }) => {
    if (!room.plan.seatsEnabled) return { code: codes.seatsDisabled };
    const seat = room.seats[index];
    if (seat === undefined) return { code: options.indexOutOfRangeCode };
    const otherwise = (now: boolean): boolean => options.omittedLockFlags === 'unchanged' && now;
    room.lock(index, ForbidTaken ?? otherwise(seat.locked), cause);
    room.forbid(index, {
      videoForbidden: ForbidVideo ?? otherwise(seat.videoForbidden),
      audioForbidden: ForbidAudio ?? otherwise(seat.audioForbidden),
    });
    return success;
  },
);
