import { Logger } from '@nestjs/common';
import { Log } from '../../src/telemetry/log.js';
import { NestLogs } from '../../src/telemetry/nest-logs.js';

type Line = readonly [level: string, fields: Record<string, unknown>, message: string];

/** Keeps what is logged. */
class KeptLog extends Log {
  readonly lines: Line[] = [];
  debug = this.keep('debug');
  info = this.keep('info');
  warn = this.keep('warn');
  error = this.keep('error');

  private keep(level: string) {
    return (fields: Record<string, unknown>, message: string) =>
      void this.lines.push([level, fields, message]);
  }
}

describe("Nest's own messages", () => {
  const kept = new KeptLog();
  const logger = new Logger('Scheduler');
  beforeAll(() => {
    Logger.overrideLogger(new NestLogs(kept));
  });
  afterAll(() => {
    Logger.overrideLogger(['error', 'warn', 'log', 'debug', 'verbose', 'fatal']);
  });
  beforeEach(() => {
    kept.lines.length = 0;
  });

  it('go to the log under the name of their class', () => {
    logger.log('mapped');
    logger.warn('careful');
    logger.debug('detail');
    expect(kept.lines).toEqual([
      ['info', { context: 'Scheduler' }, 'mapped'],
      ['warn', { context: 'Scheduler' }, 'careful'],
      ['debug', { context: 'Scheduler' }, 'detail'],
    ]);
  });

  it('keep an error, wherever Nest puts it', () => {
    const err = new Error('broken');
    logger.error(err);
    logger.error('handler failed', err);
    expect(kept.lines).toEqual([
      ['error', { context: 'Scheduler', err }, 'broken'],
      ['error', { context: 'Scheduler', err }, 'handler failed'],
    ]);
  });

  it('keep a stack given as text', () => {
    logger.error('handler failed', 'at line 1');
    expect(kept.lines).toEqual([['error', { context: 'Scheduler', stack: 'at line 1' }, 'handler failed']]);
  });

  it('that are fatal are errors: a person must act', () => {
    logger.fatal('the end');
    expect(kept.lines).toEqual([['error', { context: 'Scheduler' }, 'the end']]);
  });
});
