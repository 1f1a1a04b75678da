import type { FaultRule } from '../../twin/faults.js';
import type { DisturbanceOptions } from '../disturb/disturber.js';
import { lateEffects, lostAnswers, usualFaults } from '../faults.js';

/** One change of a built file: `find` must occur exactly once. */
export interface Edit {
  /** Below the folder of the build. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A rule of the service that is broken by hand, and the campaign that brings it out. */
export interface BrokenRule {
  readonly name: string;
  /** The promise that it breaks first of all. */
  readonly promise: string;
  readonly edits: readonly Edit[];
  readonly faults: readonly FaultRule[];
  readonly disturbances: DisturbanceOptions;
  /** Contracted calls a second; default as usual. */
  readonly limitPerSecond?: number;
}

const undisturbed: DisturbanceOptions = { only: [], everySeconds: [5, 5] };
const killed: DisturbanceOptions = { only: ['kill', 'killAll'], everySeconds: [2, 6] };
const paused: DisturbanceOptions = { only: ['pause'], everySeconds: [0.3, 2] };

/** Every rule that the judge must notice when it is broken. The edits are of the compiled JavaScript: the source knows nothing of them. */
export const brokenRules: readonly BrokenRule[] = [
  {
    name: 'claim skipped: the call does not wait for the commit',
    promise: 'P4',
    edits: [
      {
        file: 'postgres/claims.js',
        find: 'this.database.run(claimStatement, values, {',
        replace: 'this.uncommitted(claimStatement, values, {',
      },
      {
        file: 'postgres/claims.js',
        find: '    reserveReads() {',
        replace: `    async uncommitted(statement, values, { pool }) {
        const client = await pool.connect();
        await client.query('BEGIN');
        const { rows } = await client.query({ ...statement, values });
        setTimeout(() => client.query('COMMIT').then(() => client.release(), (error) => client.release(error)), 100);
        return rows;
    }
    reserveReads() {`,
      },
    ],
    faults: [],
    disturbances: undisturbed,
  },
  {
    name: 'repeat without read-back',
    promise: 'P6',
    edits: [
      {
        file: 'seating/conclude.js',
        find: 'return concludeUnknown(history);',
        replace:
          "return history.now < history.deadline ? { kind: 'repeat', notBefore: history.now } : concludeUnknown(history);",
      },
    ],
    faults: lostAnswers,
    disturbances: undisturbed,
  },
  {
    name: 'record after publish',
    promise: 'P2',
    edits: [
      {
        file: 'commands/settle-request.js',
        find: 'const recorded = await this.records.record(',
        replace:
          'await this.outcomes.publish(settlement.message); const recorded = await this.records.record(',
      },
      {
        file: 'commands/settle-request.js',
        find: 'const recorded = await this.records.settle(',
        replace:
          'await this.outcomes.publish(settlement.message); const recorded = await this.records.settle(',
      },
    ],
    faults: [],
    disturbances: undisturbed,
  },
  {
    name: 'offsets committed early: handed on counts as finished',
    promise: 'P1',
    edits: [
      {
        file: 'kafka/batch.intake.js',
        find: 'await this.reception.take(record, receivedAt);',
        replace: 'partition.finish(Number(record.offset)); await this.reception.take(record, receivedAt);',
      },
    ],
    faults: usualFaults,
    disturbances: killed,
  },
  {
    name: 'late slots sent: no look at the send-by time',
    promise: 'P4',
    edits: [{ file: 'tencent/warm-agent.js', find: 'if (late > 0) {', replace: 'if (late > Infinity) {' }],
    faults: [],
    disturbances: paused,
  },
  {
    name: 'predictions from stale evidence: neither age nor version is looked at',
    promise: 'P10',
    edits: [
      {
        file: 'seating/pick.js',
        find: 'return fact && now - fact.evidence.to <= maxAgeMs ? fact : null;',
        replace: 'return fact ?? null;',
      },
      {
        file: 'postgres/rooms.js',
        find: '[JSON.stringify(keys), maxAgeMs]',
        replace: '[JSON.stringify(keys), 3_600_000]',
      },
      { file: 'postgres/statements/record.js', find: ' AND f.version = p.version', replace: '' },
    ],
    faults: [],
    disturbances: undisturbed,
  },
  {
    name: 'a budget of its own for every instance',
    promise: 'P3',
    edits: [
      {
        file: 'postgres/statements/claim.js',
        find: 'usher_reserve($2, $3, w.wanted',
        replace: 'usher_reserve($2, concat($3::text, pg_backend_pid()), w.wanted',
      },
    ],
    faults: [],
    disturbances: undisturbed,
    // Low, so that it is reached on any machine.
    limitPerSecond: 20,
  },
  {
    name: 'negative evidence before the quiet time',
    promise: 'P6',
    edits: [{ file: 'seating/conclude-reading.js', find: 'reading.sentAt < quietAt', replace: 'false' }],
    faults: lateEffects,
    disturbances: undisturbed,
  },
  {
    name: 'a known outcome encoded anew',
    promise: 'P1',
    edits: [
      {
        file: 'commands/settle-request.js',
        find: "if (known?.state === 'settled')",
        replace:
          "if (known?.state === 'settled') known.message.value = Buffer.concat([known.message.value, Buffer.from(' ')]);\n            if (known?.state === 'settled')",
      },
    ],
    faults: [],
    disturbances: killed,
  },
  {
    name: 'rivals do not wait for each other',
    promise: 'P8',
    edits: [
      { file: 'commands/lane.js', find: 'return this.ahead.size === 0;', replace: 'return true;' },
      { file: 'commands/lane.js', find: '!entry.hasPassed || this.isCopyOf(entry)', replace: 'false' },
    ],
    faults: [],
    disturbances: undisturbed,
  },
];
