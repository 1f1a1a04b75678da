const shape = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** 0001-01-01T00:00:00Z. */
const firstTime = new Date(0).setUTCFullYear(1, 0, 1);

/**
 * RFC 3339 time → epoch milliseconds (finer digits are cut off); null when it is none. A leap second is the next one.
 * Whatever lies before the year 1 in UTC is refused: databases do not know it.
 */
export function parseTime(text: string): number | null {
  const match = shape.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const offsetHour = Number(match[9] ?? 0);
  const offsetMinute = Number(match[10] ?? 0);
  if (
    !isDay(year, month, day) ||
    !isClock(hour, minute) ||
    second > 60 ||
    !isClock(offsetHour, offsetMinute)
  ) {
    return null;
  }
  const offset = (offsetHour * 60 + offsetMinute) * (match[8] === '-' ? -1 : 1);
  // Date.UTC would take the years 1–99 for 1901–1999.
  const midnight = new Date(0).setUTCFullYear(year, month - 1, day);
  return known(midnight + ((hour * 60 + minute - offset) * 60 + second) * 1000 + milliseconds(match[7]));
}

/** Epoch milliseconds → RFC 3339 in UTC with milliseconds. */
export function formatTime(time: number): string {
  return new Date(time).toISOString();
}

function known(time: number): number | null {
  return time < firstTime ? null : time;
}

function milliseconds(fraction = ''): number {
  return Number(fraction.slice(0, 3).padEnd(3, '0'));
}

function isDay(year: number, month: number, day: number): boolean {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function isClock(hour: number, minute: number): boolean {
  return hour <= 23 && minute <= 59;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
