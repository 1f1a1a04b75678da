import {
  bury,
  callAgain,
  letBe,
  publish,
  readAndCall,
  readAndFind,
  readAndFindRival,
  startAfresh,
} from './endings.js';
import type { Then } from './endings.js';
import type { CrashPoint, Stop } from './point.js';
import type { SceneName } from './scenes.js';
import {
  buried,
  called,
  claimed,
  claimedAgain,
  committed,
  lost,
  missed,
  missedAndReleased,
  noted,
  nothing,
  published,
  read,
  recorded,
  released,
  sampled,
  seated,
  seatedAtLast,
  settled,
  unknown,
} from './standing.js';
import type { Standing } from './standing.js';

type Row = readonly [name: string, stop: Stop, standing: Standing, then: Then];
type At = (effect: Stop['effect'], holding?: string) => Stop;

const at =
  (phase: Stop['phase']): At =>
  (effect, holding) => ({ phase, effect, ...(holding !== undefined && { holding }) });
const before = at('before');
const sent = at('sent');
const executed = at('executed');
const after = at('after');

// Texts of statements.
const second = '"attempt":2';
const again = '"prior":"';
const seats = '"kind":"seats"';
const isUnknown = '"kind":"unknown"';

/*
 * Every point between two effects on the way of a message: where it is, what stands there, and what the next owner of the
 * partition has to do. An effect is what others can see: a committed statement, a call, a message, a committed offset. Each
 * has a moment before it, one at which it is under way, and one after it, which is the moment before the next. The ways part
 * where an answer or a record decides; what was shown on one is not shown again on the others.
 */
const ways: Readonly<Record<SceneName, readonly Row[]>> = {
  // Decided without a call: record, publish, commit.
  'refused by the mirror': [
    ['decided, before the record', before('record'), nothing, startAfresh],
    ['record sent, not answered', sent('record'), recorded, publish],
    ['recorded, before the publish', after('record'), recorded, publish],
    ['publish sent, not acknowledged', sent('publish'), published(recorded), publish],
    ['published, before that is noted', before('published'), noted(published(recorded), false), publish],
    ['note of that sent, not answered', sent('published'), noted(published(recorded), true), publish],
    ['finished, before the offset is committed', before('commit'), published(recorded), publish],
    ['offset sent, not acknowledged', sent('commit'), committed(published(recorded)), letBe],
    ['offset committed', after('commit'), committed(published(recorded)), letBe],
  ],
  'invalid request': [
    ['errors found, before the record', before('record'), nothing, startAfresh],
    ['recorded, before the publish', after('record'), recorded, publish],
  ],

  // A call: slot and claim together, call, settle.
  'called at once': [
    ['taken in, nothing looked up', before('take'), nothing, startAfresh],
    ['decided, before slot and claim', before('claim'), nothing, startAfresh],
    ['slot and claim sent, not answered', sent('claim'), claimed, readAndCall(2, 1)],
    ['claim committed, before its slot', after('claim'), claimed, readAndCall(2, 1)],
    ['call answered, before it is settled', after('call'), seated, readAndFind()],
    ['settlement sent, not answered', sent('settle'), settled, publish],
    ['settled, before the publish', after('settle'), settled, publish],
  ],
  'executed late': [['call written, before Tencent carries it out', sent('call'), called, readAndFind()]],
  'never answered': [['call carried out, before the answer', executed('call'), seated, readAndFind()]],
  'sampled prediction': [
    ['draw spent and claim committed, before the call', after('claim'), sampled, readAndFindRival(0)],
  ],

  // Answered "later": release, wait, claim and call again.
  'answered "later"': [
    ['answered, before the release', before('release'), called, readAndCall(2, 2)],
    ['release sent, not answered', sent('release'), released, callAgain(2, 2)],
    ['released, waiting', after('release'), released, callAgain(2, 2)],
    ['second claim sent, not answered', sent('claim', second), claimedAgain(released), readAndCall(3, 2)],
    [
      'second claim committed, before the call',
      after('claim', second),
      claimedAgain(released),
      readAndCall(3, 2),
    ],
    ['second call answered, before it is settled', before('settle'), seatedAtLast, readAndFind(2, 2)],
  ],
  'told to slow down': [
    ['answered, before the budget is slowed down', before('slow down'), called, readAndCall(2, 2)],
    ['slowing down sent, not answered', sent('slow down'), called, readAndCall(2, 2)],
    ['budget slowed down, before the release', after('slow down'), called, readAndCall(2, 2)],
  ],

  // Nobody knows what became of the call: note it, read the seats, conclude.
  'answer lost': [
    ['result unknown, before that is noted', before('observe', isUnknown), seated, readAndFind()],
    ['note of that sent, not answered', sent('observe', isUnknown), unknown, readAndFind()],
    ['noted, before the claim of the read', before('claim read'), unknown, readAndFind()],
    ['claim of the read sent, not answered', sent('claim read'), read(unknown, '?'), readAndFind()],
    ['read claimed, before its slot', after('claim read'), read(unknown, '?'), readAndFind()],
    ['read written, not answered', sent('read'), read(unknown, '?'), readAndFind()],
    ['read answered, before it is noted', after('read'), read(unknown, '?'), readAndFind()],
    ['note of the read sent, not answered', sent('observe', seats), read(unknown, 'seats'), readAndFind()],
    ['read noted, before it is settled', before('settle'), read(unknown, 'seats'), readAndFind()],
  ],
  'request lost': [
    ['read in quiet, before the second claim', before('claim', second), lost, readAndCall(2, 2)],
    [
      'second claim committed, before the call',
      after('claim', second),
      claimedAgain(lost),
      readAndCall(3, 2),
    ],
  ],
  'refused by Tencent': [
    ['refused and read, before it is settled', before('settle'), read(called, 'seats'), readAndFindRival(1)],
  ],

  // The slot was missed, so the call never left: note it, claim again.
  'slot missed': [
    ['noted, before the claim is repeated', before('claim', again), missed, readAndCall(2, 1)],
    ['repeated claim committed, before the call', after('claim', again), claimed, readAndCall(2, 1)],
  ],

  // Known already: a dead owner left a claim, or the message came twice.
  'inherited, executed': [['claim found, waiting for its quiet time', after('find'), seated, readAndFind()]],
  'inherited, not executed': [
    [
      'read in quiet, second claim committed',
      after('claim', second),
      claimedAgain(read(called, 'seats')),
      readAndCall(3, 2),
    ],
  ],
  'sent twice': [
    ['found settled, before it is published again', before('publish'), published(settled), publish],
  ],

  // A dead letter: row, topic, commit.
  'unreadable message': [
    ['found unreadable, before its row', before('dead letter'), nothing, bury],
    ['row sent, not answered', sent('dead letter'), buried, bury],
    ['row written, before the topic', after('dead letter'), buried, bury],
    ['sent to the topic, not acknowledged', sent('bury'), published(buried), bury],
    ['in the topic, before the offset is committed', after('bury'), published(buried), bury],
  ],
  'id used before': [['found used, before its row', before('dead letter'), settled, bury]],

  // Killed while shutting down.
  'SIGTERM during the call': [
    ['told to stop, the call in flight', before('leave'), seated, readAndFind()],
    ['answered, before it is settled', before('settle'), seated, readAndFind()],
    ['drained, before the last commit', before('commit'), published(settled), publish],
    ['committed and out of the group, before the end', after('leave'), committed(published(settled)), letBe],
  ],
  'SIGTERM after a missed slot': [
    ['claim that never left released, before the end', after('release'), missedAndReleased, callAgain(1, 1)],
  ],
};

/** The list. */
export const crashPoints: readonly CrashPoint[] = Object.entries(ways).flatMap(([scene, rows]) =>
  rows.map(([name, stop, standing, then]) => ({ name, scene: scene as SceneName, stop, standing, then })),
);
