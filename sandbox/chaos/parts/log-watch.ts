/** An ERROR line of an instance: a person must act. */
export interface LoggedError {
  readonly instance: number;
  readonly line: string;
}

/** How many ERROR lines are kept; the rest is counted. */
const kept = 50;

/** Reads what the instances log: ERROR lines, and whether a secret shows anywhere (P11). */
export class LogWatch {
  readonly errors: LoggedError[] = [];
  errorCount = 0;
  /** Lines that show a secret, the secret itself masked. */
  readonly leaks: LoggedError[] = [];

  constructor(private readonly secrets: readonly string[]) {}

  line(instance: number, line: string): void {
    if (this.secrets.some((secret) => line.includes(secret)) && this.leaks.length < kept)
      this.leaks.push({ instance, line: this.masked(line) });
    if (!/"level":(50|60|"error"|"fatal")/.test(line)) return;
    this.errorCount += 1;
    if (this.errors.length < kept) this.errors.push({ instance, line: this.masked(line) });
  }

  private masked(line: string): string {
    return this.secrets.reduce((text, secret) => text.replaceAll(secret, '***'), line);
  }
}
