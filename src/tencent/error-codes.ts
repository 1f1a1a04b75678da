import type { CodeRow } from './code-row.js';
import { gatewayCodes } from './gateway-codes.js';
import { roomCodes } from './room-codes.js';

/**
 * Every code of Tencent's that is publicly known, in one table. The keys are the type.
 * Codes that only client SDKs make up (negative ones) never come from the server and are left out on purpose.
 */
export const errorCodes = { ...gatewayCodes, ...roomCodes } satisfies Record<number, CodeRow>;

const rows: Readonly<Partial<Record<number, CodeRow>>> = errorCodes;

/** The row of a code; null for a code that is in no table, which is never taken for a success. */
export function rowOf(code: number): CodeRow | null {
  return rows[code] ?? null;
}
