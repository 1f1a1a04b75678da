/** While something lasted: epoch milliseconds, `until` is Infinity if it never ended. */
export interface Span {
  readonly from: number;
  until: number;
  /** Who it was about; null where it is nobody. */
  readonly who: string | null;
}

/** Something that is true at times: spans in order, none overlapping the next. */
export class Spans {
  private readonly spans: Span[] = [];

  begin(from: number, who: string | null = null): void {
    this.end(from);
    this.spans.push({ from, until: Infinity, who });
  }

  end(until: number): void {
    const last = this.spans.at(-1);
    if (last?.until === Infinity) last.until = until;
  }

  /** The spans that have a moment in common with [from, to]. */
  within(from: number, to: number): Span[] {
    const found: Span[] = [];
    for (let at = this.firstEndingAtOrAfter(from); at < this.spans.length; at++) {
      const span = this.spans[at];
      if (span === undefined || span.from > to) break;
      found.push(span);
    }
    return found;
  }

  /** Whether it was true at some moment of [from, to], and of `who` if that is named. */
  everTrue(from: number, to: number, who: string | null = null): boolean {
    return this.within(from, to).some((span) => who === null || span.who === who);
  }

  /** Whether it was false at some moment of [from, to]. */
  everFalse(from: number, to: number): boolean {
    return !this.within(from, to).some((span) => span.from < from && span.until > to);
  }

  /** When the span ended that began at `from`; Infinity if it lasts. */
  endOf(from: number): number {
    return this.within(from, from).find((span) => span.from === from)?.until ?? Infinity;
  }

  private firstEndingAtOrAfter(moment: number): number {
    let low = 0;
    let high = this.spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.spans[middle]?.until ?? Infinity) < moment) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
