import fc from 'fast-check';
import { InexactNumber } from '../../src/kafka/json.number.js';
import { readJson } from '../../src/kafka/read-json.js';

const read = (text: string): unknown => {
  const reading = readJson(Buffer.from(text));
  return reading.ok ? reading.value : reading.detail;
};
/** What is kept as text because JavaScript does not hold it exactly, as JavaScript holds it. */
const approximate = (value: unknown): unknown => {
  if (value instanceof InexactNumber) return Number(value.text);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(approximate);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, approximate(member)]));
};
const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('reading JSON', () => {
  it('reads whatever JSON.stringify writes, unless it is too deep', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        expect(approximate(read(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '"', ':', ',', '1', '[', ']', 'a', '\\', 'e', '.') }),
        (text) => {
          let valid = true;
          try {
            JSON.parse(text);
          } catch {
            valid = false;
          }
          if (!valid) expect(readJson(Buffer.from(text)).ok).toBe(false);
        },
      ),
    );
  });

  it('refuses one name twice with different values, however it is written', () => {
    expect(read('{"a":1,"a":2}')).toMatch(/Duplicate key/);
    expect(read(String.raw`{"a":1,"\u0061":"1"}`)).toMatch(/Duplicate key/);
    expect(read('{"x":{"a":[1],"a":[2]}}')).toMatch(/Duplicate key/);
    expect(read('{"__proto__":1,"__proto__":2}')).toMatch(/Duplicate key/);
  });

  it('accepts one name twice with the same value', () => {
    expect(read('{"a":1,"a":1.0,"b":{"c":null},"b":{"c":null}}')).toEqual({ a: 1, b: { c: null } });
  });

  it('is not misled by what stands inside strings', () => {
    expect(read(String.raw`{"a":"x\":{[[[[1e5","b\\":"\\"}`)).toEqual({ a: 'x":{[[[[1e5', 'b\\': '\\' });
  });

  it('takes 32 levels and not one more', () => {
    expect(readJson(Buffer.from(nested(32))).ok).toBe(true);
    expect(read(nested(33))).toMatch(/32 levels/);
  });

  it('skips one byte order mark', () => {
    expect(read('\u{feff}{}')).toEqual({});
    expect(readJson(Buffer.from('\u{feff}\u{feff}{}')).ok).toBe(false);
  });

  it('says where it went wrong', () => {
    expect(read('{"a":}')).toMatch(/^The value is not JSON that can be relied on: .* at position 5\.$/);
  });
});
