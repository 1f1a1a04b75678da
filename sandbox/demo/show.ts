import type { WriteStream } from 'node:tty';
import { roomNames } from './cast.js';
import { Highlights } from './highlights.js';
import { colours, noColours } from './palette.js';
import { plainEntry, plainStatus } from './plain.js';
import { Rushes } from './rushes.js';
import { drawScreen, roomsShown } from './screen.js';
import type { SeenOutcome } from './seen-outcome.js';
import type { Tally } from './tally.js';
import { FullScreen } from './terminal.js';
import type { TwinWatch } from './twin-watch.js';
import type { Latest, View } from './view.js';
import type { Listener } from './wire.js';

const frameMs = 250;
const statusMs = 2000;
/** So long a piece of news stands on top. */
const newsMs = 8000;
/** No terminal shows more lines. */
const keptLatest = 100;

/** Turns what arrives into what is seen: a full screen on a terminal, lines elsewhere. */
export class Show implements Listener {
  private readonly highlights = new Highlights();
  private readonly rushes = new Rushes();
  private readonly latest: Latest[] = [];
  private readonly began = performance.now();
  private readonly timers: NodeJS.Timeout[] = [];
  private news: { readonly text: string; readonly at: number } | null = null;
  private screen: FullScreen | null = null;

  constructor(
    private readonly output: WriteStream,
    private readonly tally: Tally,
    private readonly watch: TwinWatch,
    private readonly run: { readonly forMs: number | null; readonly caveat: string | null },
  ) {}

  /** Begins to draw, and to look at the twin; `onError` hears of a twin that does not answer. */
  open(onError: (error: unknown) => void): void {
    const look = (): void => {
      const count = this.screen === null ? 0 : roomsShown(this.screen.size);
      this.watch.look(roomNames.slice(0, count)).catch(onError);
    };
    if (this.output.isTTY) {
      this.screen = new FullScreen(this.output, () => {
        this.draw();
      });
      this.every(frameMs, () => {
        look();
        this.draw();
      });
    } else {
      this.every(frameMs * 2, look);
      this.every(statusMs, () => this.output.write(`${plainStatus(this.view())}\n`));
    }
  }

  outcome(outcome: SeenOutcome): void {
    const now = performance.now();
    if (!this.tally.outcome(outcome, now)) return;
    const rush = this.rushes.outcome(outcome);
    if (rush !== null) this.tell(rush);
    else if (this.highlights.choose(outcome, now)) this.add({ kind: 'outcome', outcome });
  }

  deadLetter(reason: string, detail: string): void {
    this.tally.deadLetter();
    this.add({ kind: 'dead-letter', reason, detail });
  }

  tell(text: string): void {
    this.news = { text, at: performance.now() };
    this.add({ kind: 'news', text });
  }

  /** Everything as it is at this moment. */
  view(): View {
    const now = performance.now();
    const uptimeMs = now - this.began;
    const { forMs, caveat } = this.run;
    return {
      uptimeMs,
      leftMs: forMs === null ? null : Math.max(0, forMs - uptimeMs),
      news: this.news !== null && now - this.news.at < newsMs ? this.news.text : null,
      rooms: this.watch.rooms,
      numbers: this.tally.numbers(now),
      calls: this.watch.calls,
      latest: this.latest,
      caveat,
    };
  }

  /** Stops drawing and gives the terminal back. */
  close(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.screen?.close();
  }

  private every(ms: number, act: () => void): void {
    this.timers.push(setInterval(act, ms));
  }

  private add(entry: Latest): void {
    this.latest.push(entry);
    if (this.latest.length > keptLatest) this.latest.shift();
    if (this.screen === null) this.output.write(`${plainEntry(entry, performance.now() - this.began)}\n`);
  }

  private draw(): void {
    if (this.screen === null) return;
    const palette = (process.env['NO_COLOR'] ?? '') === '' ? colours : noColours;
    this.screen.draw(drawScreen(this.view(), this.screen.size, palette));
  }
}
