/** What every request carries, whatever it asks for. Times are epoch milliseconds on the database's clock. */
interface Asked {
  /** Tencent application (SDKAppID) that owns the room; 0 when the message named one that is not configured. */
  readonly sdkAppId: number;
  /** 1–128 printable ASCII characters; the identity, together with `sdkAppId`. */
  readonly requestId: string;
  /** 1–48 bytes. */
  readonly roomId: string;
  /** SHA-256 (hex) over what is asked, in canonical form: two requests with one id must agree on it. */
  readonly digest: string;
  readonly priority: Priority;
  /** No call is sent after this moment. */
  readonly deadline: number;
  /** True when the message asked for a longer deadline than is granted. */
  readonly deadlineClamped: boolean;
  /** When the broker appended the message. */
  readonly requestedAt: number;
  /** When this service took it in. */
  readonly receivedAt: number;
  readonly source: string | null;
  readonly requestedBy: string | null;
  readonly correlationId: string | null;
  /** At most 10 pairs, 1 KiB. */
  readonly metadata: Readonly<Record<string, string>>;
  /** W3C trace context of the producer, handed on to the outcome. */
  readonly traceparent: string | null;
  /** Where the message lay. */
  readonly kafka: { readonly partition: number; readonly offset: string };
}

type Priority = 'high' | 'normal' | 'low';

/** Put a member on one seat of a room. Source: Tencent, "Pick User on the Seat". */
export interface PickRequest extends Asked {
  readonly type: 'pick';
  /** 1–32 bytes; must already be in the room. */
  readonly memberAccount: string;
  /** 0-based seat number. */
  readonly index: number;
}

/** One thing that is wrong with a request: a JSON pointer to the field, and how to mend it. */
export interface RequestFault {
  readonly pointer: string;
  readonly detail: string;
}

/** A request whose identity and room could be read and whose rest is wrong. Whatever could be read is kept. */
export interface InvalidRequest extends Asked {
  readonly type: 'invalid';
  /** The `type` the message named, if it was a text that can be stored. */
  readonly askedType: string | null;
  readonly memberAccount: string | null;
  readonly index: number | null;
  readonly errors: readonly RequestFault[];
}

export type SeatRequest = PickRequest | InvalidRequest;

/**
 * The things a request wants for itself: an earlier unsettled request that wants one of them is its rival. Its id is one
 * of them: of two messages with one id the earlier one counts.
 */
export function wants(request: SeatRequest): readonly string[] {
  const id = `id ${request.requestId}`;
  switch (request.type) {
    case 'pick':
      return [id, `seat ${request.index}`, `member ${request.memberAccount}`];
    case 'invalid':
      return [id];
  }
}
