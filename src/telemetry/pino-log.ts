import type { Writable } from 'node:stream';
import { pino, stdTimeFunctions } from 'pino';
import type { Logger, LoggerOptions } from 'pino';
import { PinoPretty } from 'pino-pretty';
import type { AppSettings } from '../config/app-settings.js';
import { isError, loggedError, scrubbed } from './errors.js';
import { Log } from './log.js';

/** Names under which a secret could slip into the fields; whatever stands there is replaced. */
const secrets = ['secretKey', 'userSig', 'usersig', 'password', 'authorization', 'token'];

const options: LoggerOptions = {
  timestamp: stdTimeFunctions.isoTime,
  // Second line of defence: nobody should log these at all.
  redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '***' },
  // pino's own treatment of `err` would copy every property of an error, the request of an HTTP client among them.
  serializers: { err: (value: unknown) => value },
  formatters: { level: (label) => ({ level: label }), log: loggable },
};

/** The log of the process. `output` is where the lines go; standard output in production. */
export class PinoLog extends Log {
  private readonly logger: Logger;

  constructor({ level, format }: AppSettings['log'], output: Writable = process.stdout) {
    super();
    const lines = format === 'pretty' ? PinoPretty({ destination: output, sync: true }) : output;
    this.logger = pino({ ...options, level }, lines);
  }

  debug(fields: Record<string, unknown>, message: string): void {
    this.logger.debug(fields, scrubbed(message));
  }

  info(fields: Record<string, unknown>, message: string): void {
    this.logger.info(fields, scrubbed(message));
  }

  warn(fields: Record<string, unknown>, message: string): void {
    this.logger.warn(fields, scrubbed(message));
  }

  error(fields: Record<string, unknown>, message: string): void {
    this.logger.error(fields, scrubbed(message));
  }
}

function loggable(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, harmless(value)]));
}

function harmless(value: unknown): unknown {
  if (isError(value)) return loggedError(value);
  return typeof value === 'string' ? scrubbed(value) : value;
}
