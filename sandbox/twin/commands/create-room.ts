import { z } from 'zod';
import { codes } from '../codes.js';
import { account, command, success, textOfBytes } from './command.js';

const flag = z.boolean().optional();

const roomInfo = z.strictObject({
  RoomId: textOfBytes(48).regex(/^[\x20-\x7e]+$/),
  RoomType: z.string(),
  RoomName: textOfBytes(100).optional(),
  Owner_Account: account.optional(),
  MaxMemberCount: z.int().min(1).optional(),
  ScheduleStartTime: z.int().optional(),
  ScheduleEndTime: z.int().optional(),
  IsVideoDisabled: flag,
  IsAudioDisabled: flag,
  IsMessageDisabled: flag,
  IsScreenSharingDisabled: flag,
  IsCloudRecordingDisabled: flag,
  CustomInfo: textOfBytes(500).optional(),
  IsSeatEnabled: flag,
  MaxSeatCount: z.int().min(1).optional(),
  TakeSeatMode: z.enum(['None', 'FreeToTake', 'ApplyToTake']).optional(),
  IsPasswordEnabled: flag,
  Password: z.string().optional(),
});

/** Makes a Conference room. It has seats only if `IsSeatEnabled` says so. */
export const createRoom = command(
  'room_engine_http_srv/create_room',
  z.strictObject({ RoomInfo: roomInfo, ScheduleInviteeList_Account: z.array(account).optional() }),
  ({ RoomInfo }, { sdkAppId, caller, rooms, options, cause }) => {
    const {
      RoomId: roomId,
      RoomType: type,
      Owner_Account: owner = caller,
      IsSeatEnabled: seatsEnabled = false,
      MaxSeatCount = options.planSeats,
      ...extras
    } = RoomInfo;
    if (type !== 'Conference') return { code: codes.badRoomType };
    if (MaxSeatCount > options.planSeats) return { code: codes.overPlan };
    const standing = rooms.find(sdkAppId, roomId);
    if (standing !== undefined) {
      return { code: standing.plan.owner === owner ? codes.roomAlreadyYours : codes.roomTaken };
    }
    const seats = seatsEnabled ? MaxSeatCount : 0;
    rooms.create({ sdkAppId, roomId, seats, seatsEnabled, owner, extras }, cause);
    return success;
  },
);
