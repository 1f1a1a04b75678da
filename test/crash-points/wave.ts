import { Stage } from '../support/stage/stage.js';
import { prepareAct } from './act.js';
import type { Act } from './act.js';
import { Broker } from './broker.js';
import type { Crash } from './crash.js';
import type { CrashPoint } from './point.js';
import { sceneOf } from './scenes.js';
import type { Standing } from './standing.js';
import { hasStarted, isDown, saidBy, startVictim } from './victim.js';
import type { CrashSignal } from './victim.js';
import { copiesOf, standings } from './witness.js';
import type { Traced } from './witness.js';

const settings = {
  KAFKA_SESSION_TIMEOUT_MS: '6000',
  TENCENT_TIMEOUT_MS: '3500',
  REQUEST_TTL_MS: '120000',
  MIRROR_MAX_AGE_WITHOUT_CALLBACKS_MS: '60000',
  // So many claims at one moment, and none that finds no slot.
  TENCENT_CALLS_PER_SECOND: '5000',
};

/** Of those behind the quiet time: nobody may be missed by the group, which takes 6 s, before everybody is down. */
const headStartMs = 6500;
/** What was sent and not answered has landed within so long. */
const landsWithinMs = 3000;

type Turn = 'first' | 'middle' | 'last';

/** Some crashes at about the same time: an instance and a partition for each point, and one more instance that finishes. */
export class Wave {
  private constructor(
    private readonly stage: Stage,
    private readonly broker: Broker,
    private readonly signal: CrashSignal,
    private readonly acts: readonly Act[],
  ) {}

  /** Starts the instances and prepares what each will get. */
  static async start(points: readonly CrashPoint[], signal: CrashSignal): Promise<Wave> {
    const stage = await Stage.set({ instances: 0, partitions: points.length, settings });
    try {
      return await Wave.cast(stage, points, signal);
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  private static async cast(stage: Stage, points: readonly CrashPoint[], signal: CrashSignal): Promise<Wave> {
    const broker = await Broker.reach(stage.settings);
    const victims = await Promise.all(
      points.map((point, at) => startVictim(point, `victim-${at}`, signal, stage.settings)),
    );
    stage.ushers.push(...victims.map(({ usher }) => usher));
    // Cheap questions come first everywhere: the machine is busy enough.
    const started = (): boolean => victims.every((victim) => hasStarted(victim));
    await stage.until(started, 'every instance takes requests in', 120_000);
    const owned = await broker.whenEachOwnsOne(victims.map(({ clientId }) => clientId));
    const acts = await Promise.all(
      victims.map((victim) => prepareAct(stage, victim, owned.get(victim.clientId) ?? -1, points.length)),
    );
    return new Wave(stage, broker, signal, acts);
  }

  /** Sends the messages; resolves when every instance is down. */
  async strike(): Promise<void> {
    await this.inherit();
    const startedAt = performance.now();
    await this.send('first');
    await this.settlePriors();
    if (this.actsOf('first').length > 0)
      await this.stage.until(() => performance.now() - startedAt > headStartMs, 'the first have their start');
    await this.send('middle');
    await this.untilDown([...this.actsOf('first'), ...this.actsOf('middle')]);
    await this.send('last');
    await this.untilDown(this.acts);
    for (const { traced, victim } of this.acts) if (traced === null) await victim.usher.kill();
  }

  /** Has one more instance finish everything; resolves with what became of each crash. */
  async finish(): Promise<readonly Crash[]> {
    try {
      await this.stage.enter();
      await this.stage
        .until(() => this.isOver(), 'everything is committed, and we have read it', 60_000)
        .catch(() => undefined);
      const ends = await standings(this.stage, this.broker, this.traced());
      const rows = await this.stage.sql<{ request_id: string }>('select request_id from request_history');
      return this.acts.map(({ point, stood, traced }) => ({
        point,
        signal: this.signal,
        stood,
        ended: (traced && ends.get(traced)) ?? null,
        copies: traced ? copiesOf(this.stage, traced) : [],
        recorded: rows.filter(({ request_id }) => request_id === traced?.requestId).length,
      }));
    } finally {
      await this.close();
    }
  }

  private async isOver(): Promise<boolean> {
    const { stage, broker } = this;
    const { KAFKA_TOPIC_OUTCOMES = '', KAFKA_TOPIC_DEAD_LETTERS = '' } = stage.settings;
    return (
      this.traced().every((message) => copiesOf(stage, message).length > 0) &&
      (await broker.isAllCommitted()) &&
      (await broker.countOf(KAFKA_TOPIC_OUTCOMES)) === stage.outcomes.length &&
      (await broker.countOf(KAFKA_TOPIC_DEAD_LETTERS)) === stage.deadLetters.length
    );
  }

  async close(): Promise<void> {
    await this.broker.close();
    await this.stage.close();
  }

  private actsOf(turn: Turn): readonly Act[] {
    return this.acts.filter(({ point }) => (sceneOf(point.scene).turn ?? 'middle') === turn);
  }

  private async send(turn: Turn): Promise<void> {
    await this.stage.send(...this.actsOf(turn).map(({ message }) => message));
  }

  /** An instance of another group makes some calls, and is killed before it hears of them. */
  private async inherit(): Promise<void> {
    const requests = this.acts
      .filter(({ point }) => sceneOf(point.scene).isInherited)
      .map(({ request }) => request);
    if (requests.length === 0) return;
    const topic = `${this.stage.settings['KAFKA_TOPIC_REQUESTS'] ?? ''}.before`;
    const before = await this.stage.enter({ KAFKA_GROUP_ID: topic, KAFKA_TOPIC_REQUESTS: topic });
    await this.broker.send(topic, requests);
    for (const { roomId } of requests)
      await this.stage.until(
        async () => (await this.stage.callsOf(roomId)).length > 0,
        `the call of ${roomId} has arrived`,
      );
    await before.kill();
  }

  private async settlePriors(): Promise<void> {
    const priors = this.acts.flatMap(({ prior }) => prior ?? []);
    await this.stage.ask(priors);
    await this.stage.until(async () => {
      const noted = await this.stage.sql('select from publications');
      const committed = [...(await this.broker.committed()).values()].filter((offset) => offset > 0);
      return noted.length === priors.length && committed.length === priors.length;
    }, 'what came before is noted and committed');
  }

  /** Waits for them, and no longer than that makes sense: what became of each is told by its test. */
  private async untilDown(acts: readonly Act[]): Promise<void> {
    await this.stage.until(() => this.look(acts), 'all are down', 20_000).catch(() => undefined);
  }

  /** Takes down what stands where an instance has stopped; true once that is known of all. */
  private async look(acts: readonly Act[]): Promise<boolean> {
    for (const act of acts) {
      const said = act.traced === null ? saidBy(act.victim) : null;
      if (said === null || !(await isDown(act.victim, this.signal))) continue;
      const { requestId, roomId } = act.request;
      act.traced = { requestId, roomId, ...said, isLetter: sceneOf(act.point.scene).isLetter ?? false };
      act.downAt = performance.now();
    }
    const open = acts.filter(
      ({ traced, stood, point, downAt }) =>
        traced !== null && !fits(stood, point.standing) && performance.now() - downAt < landsWithinMs,
    );
    if (open.length === 0) return acts.every(({ traced }) => traced !== null);
    const standing = await standings(this.stage, this.broker, this.traced());
    for (const act of open) if (act.traced) act.stood = standing.get(act.traced) ?? null;
    return false;
  }

  private traced(): Traced[] {
    return this.acts.flatMap(({ traced }) => traced ?? []);
  }
}

function fits(stood: Standing | null, wanted: Standing): boolean {
  return (
    stood !== null && Object.entries(wanted).every(([name, value]) => stood[name as keyof Standing] === value)
  );
}
