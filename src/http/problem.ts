import { STATUS_CODES } from 'node:http';

/** Parts that are not well, each with what is missing, in words. */
export type Missing = Readonly<Record<string, string>>;

/** A refusal over HTTP, as RFC 9457 has it. */
export interface ProblemDetails {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail?: string | undefined;
  /** Of health answers alone. */
  readonly missing?: Missing | undefined;
}

/** Throw it from a controller: the filter turns it into problem details. `detail` is read by strangers. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly detail: string,
    readonly missing?: Missing,
  ) {
    super(detail);
  }
}

/** The body of an answer that refuses. */
export function problemDetails(status: number, detail?: string, missing?: Missing): ProblemDetails {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Unknown', status, detail, missing };
}
