import type { RequestFault } from '../seating/seat-request.js';
import { textFault } from './text.fault.js';
import type { TextRule } from './text.fault.js';

/** No seat number and no id is larger: what a Postgres integer holds. */
const largest = 2_147_483_647;
const metadataText: TextRule = { min: 0, max: 1024, unit: 'bytes' };

/** Reads the fields of one message and collects what is wrong with them. `null` means absent. */
export class FieldReader {
  readonly faults: RequestFault[] = [];

  constructor(private readonly fields: Readonly<Record<string, unknown>>) {}

  has(name: string): boolean {
    return (this.fields[name] ?? null) !== null;
  }

  /** Notes a fault of a field and reads as absent. */
  fault(name: string, detail: string): null {
    this.faults.push({ pointer: `/${name}`, detail });
    return null;
  }

  text(name: string, rule: TextRule): string | null {
    const value = this.fields[name] ?? null;
    if (value === null) return null;
    const fault = textFault(value, rule);
    return fault === null ? (value as string) : this.fault(name, `${name} ${fault}.`);
  }

  /** One of a closed list of words. */
  word<W extends string>(name: string, words: readonly W[]): W | null {
    const value = this.fields[name] ?? null;
    if (value === null) return null;
    return (
      words.find((word) => word === value) ?? this.fault(name, `${name} must be one of ${words.join(', ')}.`)
    );
  }

  /** An integer from 0 to 2,147,483,647. */
  integer(name: string): number | null {
    const value = this.fields[name] ?? null;
    if (value === null) return null;
    if (!isSmallInteger(value)) return this.fault(name, `${name} must be an integer from 0 to ${largest}.`);
    // Turns -0 into 0.
    return value + 0;
  }

  /** A positive integer that JavaScript holds exactly. */
  id(name: string): number | null {
    const value = this.fields[name] ?? null;
    if (value === null) return null;
    if (!Number.isSafeInteger(value) || (value as number) < 1) {
      return this.fault(name, `${name} must be a positive integer.`);
    }
    return value as number;
  }

  /** Checks a list of integers that nothing reads yet. */
  integers(name: string): void {
    const value = this.fields[name] ?? null;
    if (value === null) return;
    if (!Array.isArray(value) || value.length === 0 || !value.every(isSmallInteger)) {
      this.fault(name, `${name} must be a list of integers from 0 to ${largest}.`);
    }
  }

  /** At most 10 pairs of texts, 1 KiB together. */
  metadata(name: string): Readonly<Record<string, string>> {
    const value = this.fields[name] ?? null;
    if (value === null) return {};
    const pairs = typeof value === 'object' && !Array.isArray(value) ? presentPairs(value) : null;
    const fault = pairs === null ? 'must be an object' : pairsFault(pairs);
    if (pairs === null || fault !== null) {
      this.fault(name, `${name} ${fault}: at most 10 pairs of strings, 1 KiB together.`);
      return {};
    }
    // Defines own members, so that a pair named __proto__ is a pair like any other.
    return Object.fromEntries(pairs) as Record<string, string>;
  }
}

function isSmallInteger(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= largest;
}

function presentPairs(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, member]) => member !== null);
}

function pairsFault(pairs: readonly [string, unknown][]): string | null {
  if (pairs.length > 10) return 'has too many pairs';
  let bytes = 0;
  for (const [name, value] of pairs) {
    const fault = textFault(name, metadataText) ?? textFault(value, metadataText);
    if (fault !== null) return `holds a name or value that ${fault}`;
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value as string);
  }
  return bytes > 1024 ? 'is too long' : null;
}
