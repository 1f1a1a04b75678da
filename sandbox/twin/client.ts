import type { Page } from './bounded-log.js';
import type { TwinStats } from './control.js';
import type { MemberChange, NewRoom, RoomView, SeatChange } from './control-words.js';
import type { FaultRule } from './faults.js';
import type { CallRecord, Effect } from './journal.js';
import type { TwinBehaviour } from './options.js';

/** Rooms sent at once: the twin works on one request at a time, and a long one would spoil its arrival times. */
const roomsAtOnce = 100;

/** Works a twin that runs elsewhere, over its control API. Every method rejects with the twin's own words. */
export class TwinControl {
  constructor(private readonly url: string) {}

  async createRoom(room: NewRoom): Promise<void> {
    await this.createRooms([room]);
  }

  async createRooms(rooms: readonly NewRoom[]): Promise<void> {
    for (let from = 0; from < rooms.length; from += roomsAtOnce) {
      await this.ask('POST', 'rooms', rooms.slice(from, from + roomsAtOnce));
    }
  }

  async destroyRoom(roomId: string, sdkAppId?: number): Promise<void> {
    await this.ask('DELETE', roomPath(roomId, '', sdkAppId));
  }

  /** Members come, leave (and with it their seats), queue for a seat or stop queueing. */
  async changeMembers(roomId: string, change: MemberChange, sdkAppId?: number): Promise<RoomView> {
    return (await this.ask('POST', roomPath(roomId, '/members', sdkAppId), change)) as RoomView;
  }

  /** Seats change by a client's hand: in order, each seat as it shall be. */
  async changeSeats(roomId: string, changes: readonly SeatChange[], sdkAppId?: number): Promise<RoomView> {
    return (await this.ask('POST', roomPath(roomId, '/seats', sdkAppId), changes)) as RoomView;
  }

  async room(roomId: string, sdkAppId?: number): Promise<RoomView> {
    return (await this.ask('GET', roomPath(roomId, '', sdkAppId))) as RoomView;
  }

  /** All rooms. */
  async rooms(): Promise<RoomView[]> {
    const all: RoomView[] = [];
    for (;;) {
      const page = (await this.ask('GET', `rooms?offset=${all.length}`)) as RoomView[];
      if (page.length === 0) return all;
      all.push(...page);
    }
  }

  async addFaults(...rules: readonly FaultRule[]): Promise<void> {
    await this.ask('POST', 'faults', rules);
  }

  async clearFaults(): Promise<void> {
    await this.ask('DELETE', 'faults');
  }

  /** Rules that still stand, with how many calls they have left (null: without end). */
  async faults(): Promise<{ rule: FaultRule; left: number | null }[]> {
    return (await this.ask('GET', 'faults')) as { rule: FaultRule; left: number | null }[];
  }

  async changeOptions(change: TwinBehaviour): Promise<void> {
    await this.ask('POST', 'options', change);
  }

  /** All kept calls after number `since`, oldest first. */
  async calls(since = 0): Promise<CallRecord[]> {
    return this.all<CallRecord>('calls', since);
  }

  /** All kept effects after number `since`, oldest first. */
  async effects(since = 0): Promise<Effect[]> {
    return this.all<Effect>('effects', since);
  }

  async stats(): Promise<TwinStats> {
    return (await this.ask('GET', 'stats')) as TwinStats;
  }

  /** As after the start: no rooms, no counts, first options and faults. */
  async reset(): Promise<void> {
    await this.ask('POST', 'reset');
  }

  private async all<T extends { readonly n: number }>(log: string, since: number): Promise<T[]> {
    const entries: T[] = [];
    for (;;) {
      const page = (await this.ask('GET', `${log}?since=${entries.at(-1)?.n ?? since}`)) as Page<T>;
      if (page.entries.length === 0) return entries;
      entries.push(...page.entries);
    }
  }

  private async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const request = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${this.url}/twin/${path}`, request);
    const text = await response.text();
    if (!response.ok) throw new Error(`The twin refused ${method} /twin/${path}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  }
}

function roomPath(roomId: string, rest: string, sdkAppId: number | undefined): string {
  return `rooms/${encodeURIComponent(roomId)}${rest}${sdkAppId === undefined ? '' : `?sdkAppId=${sdkAppId}`}`;
}
