import { types } from 'node:util';

/** How deep causes are followed: an error may be its own cause. */
const DEPTH = 4;

/**
 * An error as it may be logged: a fixed list of fields. The errors of HTTP clients carry the request, and with it the
 * signature; those of databases carry rows.
 */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

/** True for every error, one of another realm (a worker, a test) included. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

/** Error → what may be logged of it. */
export function loggedError(error: Error, depth = DEPTH): LoggedError {
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: scrubbed(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
    ...(error.stack === undefined ? {} : { stack: scrubbed(error.stack) }),
    ...(isError(error.cause) && depth > 1 ? { cause: loggedError(error.cause, depth - 1) } : {}),
  };
}

/** Takes out of a text what looks like a signature, a key or the password of an address. */
export function scrubbed(text: string): string {
  return text
    .replace(/((?:user_?sig|secret_?key|password)["']?\s*[=:]\s*["']?)[^\s&"',;}]+/gi, '$1***')
    .replace(/(\/\/[^\s/:@]*:)[^\s/@]+@/g, '$1***@');
}
