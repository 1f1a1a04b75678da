/** When a call left and when its answer came or was given up; epoch milliseconds, database clock. */
interface Sent {
  readonly sentAt: number;
  readonly answeredAt: number;
}

/**
 * What became of one HTTP request, before anybody looks into the body. A closed set, free of secrets:
 * - `replied`: a whole HTTP response came.
 * - `silent`: it left, and no whole response came. It may have been carried out.
 * - `unsent`: not a byte left.
 */
export type Exchange =
  | (Sent & { readonly kind: 'replied'; readonly status: number; readonly body: Uint8Array })
  | (Sent & { readonly kind: 'silent'; readonly message: string })
  | { readonly kind: 'unsent'; readonly message: string };
