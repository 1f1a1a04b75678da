import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '../../parts/chance.js';
import type { TcpProxy } from '../../parts/tcp-proxy.js';
import { tooMuch } from '../faults.js';
import type { Instance } from '../parts/instance.js';
import type { Parts } from '../parts/parts.js';

/** What is at hand for a disturbance. */
interface Scene {
  readonly parts: Parts;
  readonly chance: Chance;
  /** Tells what is done, at the moment at which it is. */
  readonly note: (what: string) => void;
  /** Tells of a SIGSTOP; the function returned is called when the SIGCONT is sent. */
  readonly notePause: (what: string) => () => void;
  /** Lets something go on while other disturbances come; it is awaited at the end. */
  readonly meanwhile: (work: Promise<void>) => void;
}

type Stroke = (scene: Scene) => Promise<void>;

/** One of those that are at work now; null where it is the last one, and the others must be back first. */
function victim({ parts, chance }: Scene): Instance | null {
  const atWork = parts.instances.filter((instance) => instance.isAtWork);
  return atWork.length < Math.min(2, parts.instances.length) ? null : chance.one(atWork);
}

const onVictim =
  (act: (scene: Scene, instance: Instance) => Promise<void>): Stroke =>
  async (scene) => {
    const instance = victim(scene);
    if (instance !== null) await act(scene, instance);
  };

const kill = onVictim(async ({ note, chance }, instance) => {
  note(`${instance.name} killed`);
  await instance.kill();
  if (chance.happens(0.3)) await wait(chance.whole(500, 8000));
  await instance.start();
  note(`${instance.name} started anew`);
});

/** At times longer than the group's session: its partitions are given to others meanwhile. */
const pause = onVictim(({ note, notePause, chance, meanwhile }, instance) => {
  const seconds = chance.happens(0.3) ? chance.between(7, 15) : chance.between(0.2, 5);
  const goesOn = notePause(`${instance.name} stopped by SIGSTOP for ${seconds.toFixed(1)} s`);
  instance.pause();
  const resume = async (): Promise<void> => {
    await wait(seconds * 1000);
    note(`${instance.name} goes on after SIGSTOP`);
    goesOn();
    instance.resume();
  };
  meanwhile(resume());
  return Promise.resolve();
});

/** Whoever has only just been started does not hear the signal yet, and has nothing to end in order. */
const stop = onVictim(async ({ note }, instance) => {
  if (!(await instance.isReady())) return;
  note(`${instance.name} asked to end by SIGTERM`);
  await instance.stop();
  await instance.start();
  note(`${instance.name} started anew`);
});

const killAll: Stroke = async ({ parts, note }) => {
  note('all instances killed');
  await Promise.all(parts.instances.map((instance) => instance.kill()));
  await Promise.all(parts.instances.map((instance) => instance.start()));
  note('all instances started anew');
};

const crashPostgres: Stroke = async ({ parts: { postgres }, chance, note }) => {
  note('Postgres crashed');
  await postgres.crash();
  await wait(chance.whole(0, 4000));
  await postgres.start();
  note('Postgres is back');
};

const restartPostgres: Stroke = async ({ parts: { postgres }, chance, note }) => {
  note('Postgres shut down');
  await postgres.shutDown();
  await wait(chance.whole(0, 3000));
  await postgres.start();
  note('Postgres is back');
};

const crashKafka: Stroke = async ({ parts: { kafka }, note }) => {
  if (kafka.embedded === null) return;
  note('Kafka crashed');
  await kafka.embedded.crash();
  await kafka.embedded.start();
  note('Kafka is back');
};

type WireName = keyof Instance['wires'];

/** Any instance will do: whoever is stopped finds the wire cut when it goes on. */
const onWire =
  (name: WireName, act: (scene: Scene, wire: TcpProxy, what: string) => Promise<void> | void): Stroke =>
  async (scene) => {
    const instance = scene.chance.one(scene.parts.instances);
    const wire = instance.wires[name];
    if (wire !== null) await act(scene, wire, `${name} of ${instance.name}`);
  };

const cut = (name: WireName): Stroke =>
  onWire(name, ({ note }, wire, what) => {
    note(`connections to ${what} cut`);
    wire.cut();
  });

/** Bytes are held back for a while; then they arrive, or the connections end without an answer. */
const stall = (name: WireName, most: number): Stroke =>
  onWire(name, ({ note, chance, meanwhile }, wire, what) => {
    const seconds = chance.between(0.3, most);
    note(`connections to ${what} stalled for ${seconds.toFixed(1)} s`);
    wire.stall();
    const flow = async (): Promise<void> => {
      await wait(seconds * 1000);
      const isCut = chance.happens(0.4);
      if (isCut) wire.cut();
      wire.flow();
      note(`connections to ${what} ${isCut ? 'cut and open again' : 'flow again'}`);
    };
    meanwhile(flow());
  });

/** What was sent is done, but nobody is told. */
const dropAnswers = onWire('postgres', async ({ note, chance }, wire, what) => {
  note(`answers of ${what} dropped`);
  wire.dropAnswers();
  await wait(chance.whole(50, 1500));
  wire.cut();
  note(`connections to ${what} cut`);
});

const refuse = (name: WireName): Stroke =>
  onWire(name, ({ note, chance, meanwhile }, wire, what) => {
    const seconds = chance.between(0.5, 5);
    note(`${what} refused for ${seconds.toFixed(1)} s`);
    wire.refuse();
    wire.cut();
    const accept = async (): Promise<void> => {
      await wait(seconds * 1000);
      await wire.accept();
      note(`${what} accepted again`);
    };
    meanwhile(accept());
  });

const limit: Stroke = async ({ parts: { twin }, note }) => {
  note('Tencent says once that it is too much');
  await twin.control.addFaults(tooMuch);
};

/** Everything that can be done to the parts, and how often it is. */
export const strokes = {
  kill: { weight: 22, act: kill },
  pause: { weight: 22, act: pause },
  stop: { weight: 8, act: stop },
  killAll: { weight: 3, act: killAll },
  crashPostgres: { weight: 6, act: crashPostgres },
  restartPostgres: { weight: 4, act: restartPostgres },
  crashKafka: { weight: 5, act: crashKafka },
  cutPostgres: { weight: 10, act: cut('postgres') },
  dropPostgres: { weight: 5, act: dropAnswers },
  stallPostgres: { weight: 8, act: stall('postgres', 8) },
  refusePostgres: { weight: 3, act: refuse('postgres') },
  cutTwin: { weight: 8, act: cut('twin') },
  refuseTwin: { weight: 4, act: refuse('twin') },
  cutKafka: { weight: 6, act: cut('kafka') },
  stallKafka: { weight: 6, act: stall('kafka', 12) },
  refuseKafka: { weight: 3, act: refuse('kafka') },
  limit: { weight: 1, act: limit },
} as const satisfies Record<string, { weight: number; act: Stroke }>;

export type StrokeName = keyof typeof strokes;
