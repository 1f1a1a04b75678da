import type { RoomKey } from '../commands/ports.js';
import { mergeFacts } from '../seating/facts.js';
import type { Fact } from '../seating/room.js';
import { factRow } from './settlement-row.js';

/** What a batch tells the mirror: one fact a key, since a statement may change a row only once. */
export class ToldFacts {
  private readonly facts = new Map<string, { readonly room: RoomKey; readonly fact: Fact }>();

  add(room: RoomKey, facts: readonly Fact[]): void {
    for (const fact of facts) {
      const key = JSON.stringify([room.sdkAppId, room.roomId, fact.subject, fact.index, fact.memberAccount]);
      const before = this.facts.get(key);
      this.facts.set(key, { room, fact: before ? mergeFacts(before.fact, fact).fact : fact });
    }
  }

  /** The parameter of a statement. */
  toJson(): string {
    return JSON.stringify(
      [...this.facts.values()].map(({ room, fact }) => factRow(room, fact, Math.random())),
    );
  }
}
