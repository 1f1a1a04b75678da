import { z } from 'zod';
import { account } from './commands/command.js';
import type { TwinSeat } from './room.js';

const index = z.int().min(0);

/** A room to be made. Its seats are on unless `seatsEnabled` is false; without `sdkAppId` it belongs to the first application. */
export const newRoomSchema = z.strictObject({
  roomId: z.string().min(1),
  /** 0 to 100. */
  seats: z.int().min(0).max(100),
  seatsEnabled: z.boolean().optional(),
  members: z.array(account).optional(),
  /** Members that wait for a seat: a pick of them answers 100202. */
  queued: z.array(account).optional(),
  /** Indexes of locked seats. */
  locked: z.array(index).optional(),
  sdkAppId: z.int().optional(),
});
export type NewRoom = z.infer<typeof newRoomSchema>;

/** Who enters, leaves, queues for a seat or stops queueing; carried out in this order. */
export const memberChangeSchema = z.strictObject({
  enter: z.array(account).optional(),
  leave: z.array(account).optional(),
  queue: z.array(account).optional(),
  unqueue: z.array(account).optional(),
});
export type MemberChange = z.infer<typeof memberChangeSchema>;

/** What a client makes of a seat: `member` null frees it, a name seats that member; what is left out stays. */
export const seatChangeSchema = z.strictObject({
  index,
  member: account.nullable().optional(),
  locked: z.boolean().optional(),
});
export type SeatChange = z.infer<typeof seatChangeSchema>;

/** A room as it is now. */
export interface RoomView {
  readonly sdkAppId: number;
  readonly roomId: string;
  readonly seatsEnabled: boolean;
  readonly members: readonly string[];
  readonly queued: readonly string[];
  readonly seats: readonly TwinSeat[];
}
