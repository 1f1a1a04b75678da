import { ask } from './acts.js';
import type { Act, Director } from './acts.js';
import type { Chance } from '../parts/chance.js';
import { closedRoom, names, quietRoom, roomNames } from './cast.js';

/** Messages that nobody can read, each for another reason. */
const unreadable = [
  '{"requestId":"cut-off","roomId":"book-cl',
  'is anybody there?',
  '{"type":"pick","memberAccount":"Mia","index":1}',
  '["pick","book-club","Mia",1]',
];

/** What goes wrong outside of the rooms: unreadable and invalid messages, a room that is closed, an answer that is lost. */
export class StrayDirector implements Director {
  nextAt = 2_000;
  private scenes = 0;
  private readonly plays: readonly ((at: number) => Act[])[] = [
    (at) => this.closed(at),
    (at) => this.lostAnswer(at),
    (at) => this.unreadable(at),
    (at) => this.invalid(at),
  ];

  constructor(private readonly chance: Chance) {}

  scene(): Act[] {
    const at = this.nextAt;
    this.nextAt += this.chance.whole(900, 1500);
    this.scenes += 1;
    return this.plays[this.scenes % this.plays.length]?.(at) ?? [];
  }

  private unreadable(at: number): Act[] {
    const roomId = roomNames[this.chance.whole(0, roomNames.length - 1)] ?? quietRoom;
    const value = unreadable[(this.scenes >> 2) % unreadable.length] ?? '';
    return [{ kind: 'ask', at, roomId, requestId: null, value }];
  }

  /** Another guest each time, on another seat, so that nobody waits behind the one whose answer is lost. */
  private lostAnswer(at: number): Act[] {
    const round = this.scenes >> 2;
    const seat = round % 8;
    const member = names[round % names.length] ?? '';
    const roomId = quietRoom;
    return [
      { kind: 'members', at, roomId, enter: [member], leave: [] },
      { kind: 'seats', at: at + 100, roomId, changes: [{ index: seat, member: null }] },
      { kind: 'lose-answer', at: at + 200, roomId },
      ask(at + 400, { requestId: this.id('quiet'), roomId, memberAccount: member, index: seat }),
      { kind: 'members', at: at + 8_000, roomId, enter: [], leave: [member] },
    ];
  }

  private closed(at: number): Act[] {
    return [0, 200, 400].map((wait) =>
      ask(at + wait, {
        requestId: this.id(`closed-${wait}`),
        roomId: closedRoom,
        memberAccount: this.name(),
        index: 1,
      }),
    );
  }

  private invalid(at: number): Act[] {
    return [
      ask(at, { requestId: this.id('invalid'), roomId: quietRoom, memberAccount: this.name(), index: 'one' }),
    ];
  }

  private name(): string {
    return names[this.chance.whole(0, names.length - 1)] ?? '';
  }

  private id(what: string): string {
    return `${what}-${String(this.scenes).padStart(4, '0')}`;
  }
}
