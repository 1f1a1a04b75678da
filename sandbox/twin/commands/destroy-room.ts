import { z } from 'zod';
import { roomCommand, roomId, success } from './command.js';

/** Ends a room: its members and seats are gone, its id is free again. */
export const destroyRoom = roomCommand(
  'room_engine_http_srv/destroy_room',
  z.strictObject({ RoomId: roomId }),
  (_body, { room, rooms, cause }) => {
    rooms.destroy(room, cause);
    return success;
  },
);
