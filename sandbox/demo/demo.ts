import { setTimeout as wait } from 'node:timers/promises';
import { TwinControl } from '../twin/client.js';
import type { Wishes } from './arguments.js';
import { summary, whereNext } from './closing-words.js';
import { complaints } from './complaints.js';
import { startParts } from './parts.js';
import type { Parts } from './parts.js';
import { answer, questions } from './questions.js';
import { Show } from './show.js';
import { Stage } from './stage.js';
import { Tally } from './tally.js';
import { Traffic } from './traffic.js';
import { TwinWatch } from './twin-watch.js';
import { Wire } from './wire.js';

/** So long open requests may take to end after the last one was sent; a read-back takes two seconds and more. */
const lastAnswersMs = 5_000;
const inMemory = 'broker in memory: good for trying, proves nothing about durability';

interface Running {
  readonly parts: Parts;
  readonly wire: Wire;
  readonly tally: Tally;
  readonly watch: TwinWatch;
  readonly show: Show;
  readonly playing: Promise<void>;
}

/** One run of the demo, from the first part to the closing words. */
export class Demo {
  private readonly over = new AbortController();
  /** Aborted, with the error as reason, when something breaks while it runs. */
  private readonly broken = new AbortController();
  private running: Running | null = null;
  private ending: Promise<number> | null = null;

  constructor(
    private readonly wishes: Wishes,
    private readonly say: (line: string) => void,
  ) {}

  /** Runs until the time is over or something breaks, and returns the exit code; never, once `finish` was called. */
  async run(): Promise<number> {
    try {
      this.running = await this.start();
      const time = this.wishes.forMs === null ? [] : [AbortSignal.timeout(this.wishes.forMs)];
      await aborted(AbortSignal.any([this.over.signal, this.broken.signal, ...time]));
      this.broken.signal.throwIfAborted();
      return await this.finish(0);
    } catch (error) {
      // A part that fails because it is being ended is no failure; `finish` goes on.
      if (this.over.signal.aborted) return new Promise<never>(() => undefined);
      this.over.abort();
      this.running?.show.close();
      this.say(`The demo failed: ${error instanceof Error ? error.message : String(error)}`);
      return 1;
    }
  }

  /** Ends the run in good order, and returns the exit code: `early` where nothing was up yet. */
  finish(early: number): Promise<number> {
    this.over.abort();
    const { running } = this;
    this.ending ??= running === null ? Promise.resolve(early) : this.close(running).then(() => 0);
    return this.ending;
  }

  private async start(): Promise<Running> {
    this.say('Usher, the demo: everything runs on this machine and ends with Ctrl-C. Starting:');
    const parts = await startParts(this.say);
    const twin = new TwinControl(parts.twinUrl);
    const { kind, brokers } = parts.kafka;
    const wire = new Wire(brokers, parts.topics, kind === 'given' || kind === 'docker');
    const tally = new Tally();
    const watch = new TwinWatch(twin);
    const stage = new Stage(new Traffic(this.wishes.seed), twin, wire, tally);
    await Promise.all([stage.open(), wire.connectProducer()]);

    const caveat = kind === 'mock' ? inMemory : null;
    if (caveat !== null) this.say(`  Note: ${caveat}`);
    const show = new Show(process.stdout, tally, watch, { forMs: this.wishes.forMs, caveat });
    const onError = (error: unknown): void => {
      this.broken.abort(error);
    };
    parts.broken.catch(onError);
    wire.listen(show, onError).catch(onError);
    show.open(onError);
    const playing = stage.play(this.over.signal, (text) => {
      show.tell(text);
    });
    playing.catch(onError);
    return { parts, wire, tally, watch, show, playing };
  }

  private async close({ parts, wire, tally, watch, show, playing }: Running): Promise<void> {
    const { uptimeMs } = show.view();
    show.tell('no more requests are sent; the last ones get their answers');
    await playing;
    await untilAllAreAnswered(tally);
    await watch.look([]);
    show.close();
    const words = [...summary({ ...show.view(), uptimeMs }), ...complaints(parts.usher.log)];
    for (const line of ['', ...words]) this.say(line);
    for (const question of questions) await this.answer(question, parts.databaseUrl);
    for (const line of ['', ...whereNext, '', 'Stopping everything …']) this.say(line);
    // First whoever might create the topics again by asking for them.
    await parts.usher.stop();
    await wire.close();
  }

  private async answer(question: (typeof questions)[number], databaseUrl: string): Promise<void> {
    const table = await answer(databaseUrl, question);
    for (const line of ['', question.words, ...indented(question.sql.split('\n')), '', ...indented(table)]) {
      this.say(line);
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

async function untilAllAreAnswered(tally: Tally): Promise<void> {
  const giveUp = performance.now() + lastAnswersMs;
  while (tally.numbers(performance.now()).open > 0 && performance.now() < giveUp) await wait(50);
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
