/** What is told while a campaign runs. */
export interface Sight {
  readonly seconds: number;
  readonly sent: number;
  readonly answered: number;
  readonly awaited: number;
  readonly lastDisturbance: string;
}

const bars = '▁▂▃▄▅▆▇█';
/** So many looks back. */
const width = 40;
const everyMs = 1000;
/** Without a terminal a line now and then is enough. */
const plainEvery = 10;

/** A line that tells how it goes: drawn over itself on a terminal, else a plain line every ten seconds. */
export class Progress {
  private readonly rates: number[] = [];
  private looks = 0;
  private last: Sight | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly look: () => Sight,
    private readonly terminal: boolean,
    private readonly write: (text: string) => void,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.tell();
    }, everyMs);
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    if (this.timer !== null && this.terminal) this.write('\n');
    this.timer = null;
  }

  private tell(): void {
    const sight = this.look();
    const since = this.last === null ? sight.answered : sight.answered - this.last.answered;
    this.last = sight;
    this.rates.push(since);
    if (this.rates.length > width) this.rates.shift();
    this.looks += 1;
    if (this.terminal) this.write(`\r\u001b[K${lineOf(sight, sparkline(this.rates))}`);
    else if (this.looks % plainEvery === 0) this.write(`${lineOf(sight, sparkline(this.rates))}\n`);
  }
}

function lineOf(sight: Sight, picture: string): string {
  const { seconds, sent, answered, awaited, lastDisturbance } = sight;
  const minutes = `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
  return `${minutes} sent ${sent} answered ${answered} waiting ${awaited} ${picture} ${lastDisturbance}`;
}

/** Numbers as a row of bars, the highest one full. */
export function sparkline(numbers: readonly number[]): string {
  const most = Math.max(1, ...numbers);
  return numbers.map((number) => bars[Math.round((number / most) * (bars.length - 1))]).join('');
}
