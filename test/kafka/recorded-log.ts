import { Log } from '../../src/telemetry/log.js';

/** A log that keeps what it is told, as `level: message`. */
export class RecordedLog extends Log {
  readonly lines: string[] = [];
  readonly fields: Record<string, unknown>[] = [];

  override debug(fields: Record<string, unknown>, message: string): void {
    this.keep('debug', fields, message);
  }

  override info(fields: Record<string, unknown>, message: string): void {
    this.keep('info', fields, message);
  }

  override warn(fields: Record<string, unknown>, message: string): void {
    this.keep('warn', fields, message);
  }

  override error(fields: Record<string, unknown>, message: string): void {
    this.keep('error', fields, message);
  }

  /** How many lines of a level there are. */
  count(level: 'warn' | 'error'): number {
    return this.lines.filter((line) => line.startsWith(`${level}:`)).length;
  }

  private keep(level: string, fields: Record<string, unknown>, message: string): void {
    this.lines.push(`${level}: ${message}`);
    this.fields.push(fields);
  }
}
