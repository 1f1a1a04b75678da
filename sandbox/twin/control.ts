import type { Page } from './bounded-log.js';
import type { Measured } from './call-meter.js';
import type { MemberChange, NewRoom, RoomView, SeatChange } from './control-words.js';
import type { LoopReport } from './event-loop-watch.js';
import type { FaultRule } from './faults.js';
import type { CallRecord, Cause, Effect } from './journal.js';
import type { TwinOptions } from './options.js';
import { changeOptions } from './options.js';
import type { TwinRoom } from './room.js';
import type { TwinState } from './state.js';

/** What the twin measured since the start or the last reset. */
export interface TwinStats {
  readonly overall: Measured;
  readonly applications: readonly ({ readonly sdkAppId: number } & Measured)[];
  readonly commands: readonly ({ readonly sdkAppId: number; readonly command: string } & Measured)[];
  /** Calls without an answer yet. */
  readonly open: number;
  readonly rooms: number;
  readonly eventLoop: LoopReport;
}

/** A control call that cannot be granted; the status is for HTTP. */
export class ControlRefusal extends Error {
  constructor(
    readonly status: 400 | 404 | 409,
    message: string,
  ) {
    super(message);
  }
}

/** Entries of a log in one page: larger pages would stall the loop and spoil the arrival times. */
const pageSize = 500;

/** What tests and the demo do to the twin besides calling it: rooms, members, faults, options, and the truth. */
export class Control {
  constructor(private readonly state: TwinState) {}

  createRooms(rooms: readonly NewRoom[]): void {
    for (const room of rooms) this.createRoom(room);
  }

  destroyRoom(roomId: string, sdkAppId?: number): void {
    this.state.rooms.destroy(this.find(roomId, sdkAppId), client('destroy'));
  }

  /** Members come, leave (and with it their seats), queue for a seat or stop queueing. */
  changeMembers(roomId: string, change: MemberChange, sdkAppId?: number): RoomView {
    const room = this.find(roomId, sdkAppId);
    for (const member of change.enter ?? []) room.enter(member, client('enter'));
    for (const member of change.leave ?? []) room.leave(member, client('leave'));
    for (const member of change.queue ?? []) room.queued.add(member);
    for (const member of change.unqueue ?? []) room.queued.delete(member);
    return viewOf(room);
  }

  /** Seats change by a client's hand: in order, each seat as it shall be. */
  changeSeats(roomId: string, changes: readonly SeatChange[], sdkAppId?: number): RoomView {
    const room = this.find(roomId, sdkAppId);
    for (const change of changes) changeSeat(room, change);
    return viewOf(room);
  }

  room(roomId: string, sdkAppId?: number): RoomView {
    return viewOf(this.find(roomId, sdkAppId));
  }

  /** All rooms in the order in which they were made, a page at a time. */
  rooms(offset = 0): RoomView[] {
    return this.state.rooms
      .all()
      .slice(offset, offset + pageSize)
      .map(viewOf);
  }

  addFaults(rules: readonly FaultRule[]): void {
    this.state.faults.add(rules);
  }

  clearFaults(): void {
    this.state.faults.clear();
  }

  /** Rules that still stand, with how many calls they have left (null: without end). */
  faults(): { rule: FaultRule; left: number | null }[] {
    return this.state.faults.standing();
  }

  /** Throws a text that names every wrong option. */
  changeOptions(change: unknown): TwinOptions {
    this.state.options = changeOptions(this.state.options, change);
    return this.state.options;
  }

  /** Calls after number `n`, oldest first, a page at a time. */
  calls(n = 0): Page<CallRecord> {
    return this.state.journal.calls.since(n, pageSize);
  }

  /** Effects after number `n`, oldest first, a page at a time. */
  effects(n = 0): Page<Effect> {
    return this.state.journal.effects.since(n, pageSize);
  }

  stats(): TwinStats {
    const { meter, open, rooms, loop } = this.state;
    return { ...meter.measured(), open: open.size, rooms: rooms.count, eventLoop: loop.report() };
  }

  reset(): void {
    this.state.reset();
  }

  private createRoom(room: NewRoom): void {
    const { roomId, seats, seatsEnabled = true } = room;
    const sdkAppId = room.sdkAppId ?? this.firstApplication();
    if (this.state.rooms.find(sdkAppId, roomId) !== undefined) {
      throw new ControlRefusal(409, `There is a room ${roomId} already; destroy it first.`);
    }
    const plan = { sdkAppId, roomId, seats, seatsEnabled, owner: 'owner', extras: {} };
    const made = this.state.rooms.create(plan, client('create'));
    for (const member of room.members ?? []) made.enter(member, client('enter'));
    for (const member of room.queued ?? []) made.queued.add(member);
    for (const index of room.locked ?? []) changeSeat(made, { index, locked: true });
  }

  private find(roomId: string, sdkAppId = this.firstApplication()): TwinRoom {
    const room = this.state.rooms.find(sdkAppId, roomId);
    if (room === undefined)
      throw new ControlRefusal(404, `There is no room ${roomId} of application ${sdkAppId}.`);
    return room;
  }

  private firstApplication(): number {
    return this.state.options.applications[0]?.sdkAppId ?? 0;
  }
}

function changeSeat(room: TwinRoom, { index, member, locked }: SeatChange): void {
  const seat = room.seats[index];
  if (seat === undefined) throw new ControlRefusal(400, `Room ${room.plan.roomId} has no seat ${index}.`);
  if (typeof member === 'string' && !room.members.has(member)) {
    throw new ControlRefusal(400, `${member} is not in room ${room.plan.roomId}; let them enter first.`);
  }
  if (typeof member === 'string' && (locked ?? seat.locked)) {
    throw new ControlRefusal(400, `Seat ${index} is locked: nobody can sit there.`);
  }
  if (locked !== undefined) room.lock(index, locked, client('lock'));
  if (member === null) room.free(index, client('seats'));
  if (typeof member === 'string' && room.seats[index]?.memberAccount !== member) {
    room.take(index, member, client('seats'));
  }
}

function client(what: string): Cause {
  return { by: `client:${what}`, call: null };
}

function viewOf(room: TwinRoom): RoomView {
  const { sdkAppId, roomId, seatsEnabled } = room.plan;
  const { members, queued, seats } = room;
  return { sdkAppId, roomId, seatsEnabled, members: [...members], queued: [...queued], seats };
}
