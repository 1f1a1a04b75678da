import type { Command } from './command.js';
import { createRoom } from './create-room.js';
import { destroyRoom } from './destroy-room.js';
import { getRoomInfo } from './get-room-info.js';
import { getSeatList } from './get-seat-list.js';
import { kickUserOffSeat } from './kick-user-off-seat.js';
import { lockSeat } from './lock-seat.js';
import { pickUserOnSeat } from './pick-user-on-seat.js';

/** Every command that the twin knows; a new one is a file beside this one and a line here. */
const commands: readonly Command[] = [
  pickUserOnSeat,
  getSeatList,
  kickUserOffSeat,
  lockSeat,
  createRoom,
  destroyRoom,
  getRoomInfo,
];

/** Commands by `service/command`. */
export const commandsByName: ReadonlyMap<string, Command> = new Map(commands.map((one) => [one.name, one]));

/** Services that have at least one command here. */
export const services: ReadonlySet<string> = new Set(commands.map((one) => one.name.replace(/\/.*/, '')));
