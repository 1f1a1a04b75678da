/** A JSON number that is no integer which JavaScript holds exactly; keeps its text. */
export class InexactNumber {
  constructor(readonly text: string) {}
}

/**
 * JSON number → the integer it stands for (`1.0` and `1e0` are 1) where JavaScript holds it exactly, else an
 * `InexactNumber`. Never computes with the exponent: `1e999999999` costs nothing.
 */
export function exactNumber(text: string): number | InexactNumber {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  if (digits === '') return 0;
  const significant = digits.replace(/0+$/, '');
  const zeros = Number(exponent) - fraction.length + digits.length - significant.length;
  if (zeros < 0 || significant.length + zeros > 16) return new InexactNumber(text);
  const value = Number(`${mantissa.startsWith('-') ? '-' : ''}${significant}${'0'.repeat(zeros)}`);
  return Number.isSafeInteger(value) ? value : new InexactNumber(text);
}
