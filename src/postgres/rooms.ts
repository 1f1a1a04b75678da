import type { RoomKey } from '../commands/ports.js';
import { roomOf } from '../seating/room.js';
import type { EvidenceSource, FactKey, KnownFact, Room } from '../seating/room.js';
import type { Database } from './database.js';
import { roomStatement } from './statements/others.js';

interface Row {
  readonly ord: number;
  readonly subject: FactKey['subject'];
  readonly seat_index: number;
  readonly member_account: string;
  readonly state: string;
  readonly occupant: string | null;
  readonly source: EvidenceSource;
  readonly seen_from: number;
  readonly seen_to: number;
  readonly version: number;
  readonly draw: number | null;
}

/** The rooms as the mirror has them; whoever asks for the same room shares one. Evidence older than `maxAgeMs` is left out. */
export async function readRooms(
  database: Database,
  asked: readonly RoomKey[],
  maxAgeMs: number,
): Promise<Room[]> {
  const ordinals = new Map<string, number>();
  const keys: object[] = [];
  const at = asked.map(({ sdkAppId, roomId }) => {
    const name = `${sdkAppId} ${roomId}`;
    const known = ordinals.get(name);
    if (known !== undefined) return known;
    ordinals.set(name, keys.length);
    return keys.push({ ord: keys.length, sdk_app_id: sdkAppId, room_id: roomId }) - 1;
  });
  const facts: KnownFact[][] = keys.map(() => []);
  const rows = await database.run<Row>(roomStatement, [JSON.stringify(keys), maxAgeMs]);
  for (const row of rows) facts[row.ord]?.push(factOf(row));
  const rooms = facts.map((each) => roomOf(each));
  return at.map((ordinal) => rooms[ordinal] ?? roomOf([]));
}

function factOf(row: Row): KnownFact {
  const { subject, seat_index, member_account, state, occupant, version, draw } = row;
  const evidence = { source: row.source, from: row.seen_from, to: row.seen_to };
  return {
    subject,
    index: seat_index,
    memberAccount: member_account,
    state,
    occupant,
    evidence,
    version,
    draw,
  };
}
