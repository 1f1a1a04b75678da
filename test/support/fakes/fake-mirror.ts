import type { RoomKey } from '../../../src/commands/ports.js';
import { mergeFacts } from '../../../src/seating/facts.js';
import { roomOf } from '../../../src/seating/room.js';
import type { Fact, FactKey, KnownFact, Room } from '../../../src/seating/room.js';

/** The mirror in memory: facts by room, merged by the rule of the seating. */
export class FakeMirror {
  private readonly rooms = new Map<string, Map<string, KnownFact>>();

  /** `draw`: the draw of the sampling for each state that is new. */
  constructor(private readonly draw: () => number) {}

  /** The facts of a room that were seen at `since` (epoch milliseconds) or later. */
  room(room: RoomKey, since: number): Room {
    return roomOf([...this.factsOf(room).values()].filter(({ evidence }) => evidence.to >= since));
  }

  tell(room: RoomKey, facts: readonly Fact[]): void {
    const known = this.factsOf(room);
    for (const told of facts) {
      const before = known.get(nameOf(told));
      const { fact, changed } = before ? mergeFacts(before, told) : { fact: told, changed: true };
      const version = (before?.version ?? 0) + (changed ? 1 : 0);
      const draw = changed || !before ? this.draw() : before.draw;
      known.set(nameOf(told), { ...fact, version, draw });
    }
  }

  /** Forgets what cannot be so any more, by what was just told. */
  forgetUndone(room: RoomKey, facts: readonly Fact[]): void {
    const known = this.factsOf(room);
    const isTold = new Set(facts.map(nameOf));
    for (const told of facts) {
      for (const [name, old] of known) {
        if (isTold.has(name) || !undoes(told, old) || old.evidence.to >= told.evidence.from) continue;
        const evidence = { ...old.evidence, from: told.evidence.from, to: told.evidence.to };
        known.set(name, { ...old, state: 'unknown', occupant: null, version: old.version + 1, evidence });
      }
    }
  }

  /** Whether the very fact is still believed. */
  stands(room: RoomKey, fact: KnownFact): boolean {
    return this.factsOf(room).get(nameOf(fact))?.version === fact.version;
  }

  /** Spends the draw of a fact; false when it no longer stands or was drawn before. */
  spendDraw(room: RoomKey, fact: KnownFact): boolean {
    const known = this.factsOf(room).get(nameOf(fact));
    if (known?.version !== fact.version || known.draw === null) return false;
    this.factsOf(room).set(nameOf(fact), { ...known, draw: null });
    return true;
  }

  private factsOf({ sdkAppId, roomId }: RoomKey): Map<string, KnownFact> {
    const name = `${sdkAppId} ${roomId}`;
    const facts = this.rooms.get(name) ?? new Map<string, KnownFact>();
    this.rooms.set(name, facts);
    return facts;
  }
}

/** Whoever sits on one seat sits on no other, whoever is not in the room sits nowhere, and of a room that is gone nothing holds. */
function undoes(told: Fact, old: Fact): boolean {
  if (told.subject === 'room' && told.state === 'missing') return old.subject !== 'room';
  if (old.subject !== 'seat' || old.state !== 'held' || old.occupant === null) return false;
  if (told.subject === 'member') return told.state === 'absent' && old.occupant === told.memberAccount;
  return (
    told.subject === 'seat' &&
    told.state === 'held' &&
    old.occupant === told.occupant &&
    old.index !== told.index
  );
}

function nameOf({ subject, index, memberAccount }: FactKey): string {
  return `${subject} ${index} ${memberAccount}`;
}
