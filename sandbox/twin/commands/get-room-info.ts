import { z } from 'zod';
import { codes } from '../codes.js';
import { roomCommand, roomId } from './command.js';

/** Tells what a room was made with, and how many are in it. */
export const getRoomInfo = roomCommand(
  'room_engine_http_srv/get_room_info',
  z.strictObject({ RoomId: roomId }),
  (_body, { room }) => {
    const { roomId, owner, seats, seatsEnabled, extras } = room.plan;
    const RoomInfo = {
      RoomId: roomId,
      RoomName: roomId,
      RoomType: 'Conference',
      RoomStatus: 'Running',
      TakeSeatMode: seatsEnabled ? 'FreeToTake' : 'None',
      ...extras,
      Owner_Account: owner,
      IsSeatEnabled: seatsEnabled,
      MaxSeatCount: seats,
      MemberCount: room.members.size,
      CreateTime: Math.floor(room.createdAt / 1000),
    };
    return { code: codes.ok, response: { RoomInfo } };
  },
);
