/** What a text field may hold. */
export interface TextRule {
  readonly min: number;
  readonly max: number;
  readonly unit: 'bytes' | 'characters';
}

/** Control characters (NUL among them) and lone surrogates: neither printable nor storable. */
const refused = /[\p{Cc}\p{Cs}]/u;
const printableAscii = /^[\x20-\x7e]*$/;

/** What is wrong with a value that should be such a text, as the end of a sentence; null when nothing is. */
export function textFault(value: unknown, { min, max, unit }: TextRule): string | null {
  if (typeof value !== 'string') return 'must be a string';
  if (printableAscii.test(value)) return sizeFault(value.length, min, max, unit);
  if (refused.test(value)) return 'must hold no control characters and no lone surrogates';
  return sizeFault(unit === 'bytes' ? Buffer.byteLength(value) : Array.from(value).length, min, max, unit);
}

function sizeFault(size: number, min: number, max: number, unit: string): string | null {
  if (size > max) return `must be at most ${max} ${unit} long`;
  return size < min ? 'must not be empty' : null;
}

/** True when the text consists of printable ASCII characters alone. */
export function isPrintableAscii(text: string): boolean {
  return printableAscii.test(text);
}
