import { Injectable } from '@nestjs/common';
import type { LoggerService } from '@nestjs/common';
import { isError } from './errors.js';
import { Log } from './log.js';

/** Nest's own messages, written to the same log: `app.useLogger(app.get(NestLogs))`. */
@Injectable()
export class NestLogs implements LoggerService {
  constructor(private readonly out: Log) {}

  verbose(message: unknown, ...rest: unknown[]): void {
    this.debug(message, ...rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.out.debug(fields(message, rest), text(message));
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.out.info(fields(message, rest), text(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.out.warn(fields(message, rest), text(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.out.error(fields(message, rest), text(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.error(message, ...rest);
  }
}

/** Nest hands on the name of the class last, and before it, perhaps, a stack as text or an error. */
function fields(message: unknown, rest: unknown[]): Record<string, unknown> {
  const before = rest.slice(0, -1);
  const found = {
    context: rest.at(-1),
    stack: before.find((part) => typeof part === 'string'),
    err: [message, ...rest].find(isError),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function text(message: unknown): string {
  if (isError(message)) return message.message;
  return typeof message === 'string' ? message : JSON.stringify(message);
}
