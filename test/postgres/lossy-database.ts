import { Database } from '../../src/postgres/database.js';
import type { Statement } from '../../src/postgres/database.js';

/** A database whose answer to the next statement of a name is lost: it was committed, and nobody knows. */
export class LossyDatabase extends Database {
  private lost: { readonly name: string; readonly meanwhile: () => Promise<unknown> } | null = null;

  /** `meanwhile` happens between the commit and the repetition. */
  lose(name: string, meanwhile: () => Promise<unknown> = () => Promise.resolve()): void {
    this.lost = { name, meanwhile };
  }

  /** True once the answer was lost. */
  get hasLost(): boolean {
    return this.lost === null;
  }

  override async once<Row extends object>(
    ...asked: [statement: Statement, values: unknown[], pool?: Database['pool']]
  ): Promise<Row[]> {
    const rows = await super.once<Row>(...asked);
    const { lost } = this;
    if (lost?.name !== asked[0].name) return rows;
    this.lost = null;
    await lost.meanwhile();
    throw new Error('Connection terminated unexpectedly');
  }
}
