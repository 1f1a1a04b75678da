import type { CallRecord, Effect } from '../../twin/journal.js';
import type { ClaimSeen, History } from '../history.js';
import type { Ask } from './ask.js';
import { listed } from './listed.js';
import { pair } from './pairing.js';
import type { Paired } from './pairing.js';
import { RoomTruth } from './room-truth.js';

/** What happened at the twin, and under which claims. */
export interface AtTwin {
  readonly rooms: ReadonlyMap<string, RoomTruth>;
  readonly reads: ReadonlyMap<string, readonly CallRecord[]>;
  readonly others: readonly Paired[];
  readonly strays: readonly CallRecord[];
  readonly strayClaims: readonly ClaimSeen[];
}

interface Sorted {
  /** Everything that is no pick, by command and room. */
  readonly others: Map<string, { calls: CallRecord[]; claims: ClaimSeen[] }>;
  /** Calls whose body never came, by command. */
  readonly bodiless: Map<string, CallRecord[]>;
  readonly strays: CallRecord[];
  readonly strayClaims: ClaimSeen[];
}

/** Gives each request its calls, claims and effects, and keeps what is no request's. */
export function readTwin(
  history: History,
  asks: readonly Ask[],
  asksById: ReadonlyMap<string, readonly Ask[]>,
): AtTwin {
  const owners = ownersOf(asks);
  const sorted: Sorted = { others: new Map(), bodiless: new Map(), strays: [], strayClaims: [] };
  const askOfCall = new Map<number, { ask: Ask; call: CallRecord }>();
  for (const call of byTime(history.calls, ({ arrivedAt }) => arrivedAt)) {
    const ask = sortCall(call, owners, sorted);
    if (ask) askOfCall.set(call.n, { ask, call });
  }
  for (const claim of byTime(history.claims, ({ slotAt }) => slotAt)) {
    sortClaim(claim, asksById, owners, sorted);
  }
  for (const ask of asks) ask.paired = pair(ask.calls, ask.claims, history);
  const rooms = truthOf(history.effects);
  for (const effect of history.effects) addTake(effect, askOfCall, rooms);
  return {
    rooms,
    reads: readsOf(sorted),
    others: pairOthers(sorted, asks, history),
    strays: sorted.strays,
    strayClaims: sorted.strayClaims,
  };
}

/** The first who wants a member on a seat owns the calls for it. */
function ownersOf(asks: readonly Ask[]): Map<string, Ask> {
  const owners = new Map<string, Ask>();
  for (const ask of asks) {
    if (ask.soundness === 'unsound') continue;
    const key = wantedKey(ask.roomId, ask.memberAccount, ask.index);
    const owner = owners.get(key);
    if (!owner) owners.set(key, ask);
    else if (owner.requestId !== ask.requestId) owner.shared = ask.shared = true;
  }
  return owners;
}

function sortCall(call: CallRecord, owners: Map<string, Ask>, sorted: Sorted): Ask | null {
  const { command, body } = call;
  const name = shortName(command);
  if (typeof body !== 'object' || body === null) {
    listed(sorted.bodiless, name).push(call);
    return null;
  }
  const { RoomId: room, Member_Account: member, Index: index } = body as Record<string, unknown>;
  if (name !== pickCommand) {
    othersOf(sorted, name, String(room)).calls.push(call);
    return null;
  }
  const owner = owners.get(wantedKey(room, member, index)) ?? null;
  if (owner) owner.calls.push(call);
  else sorted.strays.push(call);
  return owner;
}

function sortClaim(
  claim: ClaimSeen,
  asksById: ReadonlyMap<string, readonly Ask[]>,
  owners: Map<string, Ask>,
  sorted: Sorted,
): void {
  const { requestId, roomId, command } = claim;
  if (requestId === null) {
    othersOf(sorted, shortName(command), roomId).claims.push(claim);
    return;
  }
  const named = (asksById.get(requestId) ?? []).filter((ask) => ask.roomId === roomId);
  const ask = named.find(({ outcome }) => outcome !== null) ?? named[0];
  if (!ask) sorted.strayClaims.push(claim);
  else (owners.get(wantedKey(roomId, ask.memberAccount, ask.index)) ?? ask).claims.push(claim);
}

/** Calls without a body may have gone out under any claim of their command that is left. */
function pairOthers({ others, bodiless }: Sorted, asks: readonly Ask[], history: History): Paired[] {
  const paired = new Map<string, Paired>();
  for (const [key, { calls, claims }] of others) paired.set(key, pair(calls, claims, history));
  if (bodiless.size === 0) return [...paired.values()];
  const unsent = [...asks.map((ask) => ask.paired), ...paired.values()].flatMap((each) => each.unsent);
  const left = byTime(unsent, ({ slotAt }) => slotAt);
  for (const [name, calls] of bodiless) {
    const claims = left.filter(({ command }) => shortName(command) === name);
    paired.set(name, { ...pair(calls, claims, history), unsent: [] });
  }
  return [...paired.values()];
}

function readsOf({ others }: Sorted): Map<string, CallRecord[]> {
  const reads = new Map<string, CallRecord[]>();
  for (const [key, { calls }] of others) {
    const [name, room] = key.split('\0', 2);
    if (name === readCommand && room !== undefined) reads.set(room, calls);
  }
  return reads;
}

function truthOf(effects: readonly Effect[]): Map<string, RoomTruth> {
  const rooms = new Map<string, RoomTruth>();
  for (const effect of effects) {
    let room = rooms.get(effect.roomId);
    if (!room) rooms.set(effect.roomId, (room = new RoomTruth()));
    room.tell(effect);
  }
  return rooms;
}

function addTake(
  effect: Effect,
  askOfCall: ReadonlyMap<number, { ask: Ask; call: CallRecord }>,
  rooms: ReadonlyMap<string, RoomTruth>,
): void {
  const cause = effect.call === null ? undefined : askOfCall.get(effect.call);
  if (!cause || effect.kind !== 'seat-taken') return;
  const leftAt =
    rooms
      .get(effect.roomId)
      ?.seat(effect.index ?? -1)
      .endOf(effect.at) ?? Infinity;
  cause.ask.takes.push({ effect, call: cause.call, leftAt });
}

const pickCommand = 'pick_user_on_seat';
const readCommand = 'get_seat_list';

/** Without its service: claims name commands so. */
function shortName(command: string | null): string {
  return command?.replace(/^.*\//, '') ?? '(unknown)';
}

function wantedKey(room: unknown, member: unknown, index: unknown): string {
  return `${String(room)}\0${String(member)}\0${String(index)}`;
}

function othersOf(
  { others }: Sorted,
  name: string,
  room: string,
): { calls: CallRecord[]; claims: ClaimSeen[] } {
  const key = `${name}\0${room}`;
  let found = others.get(key);
  if (!found) others.set(key, (found = { calls: [], claims: [] }));
  return found;
}

function byTime<Item>(items: readonly Item[], timeOf: (item: Item) => number): Item[] {
  return [...items].sort((a, b) => timeOf(a) - timeOf(b));
}
