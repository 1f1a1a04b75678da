import type { Settings } from './settings.js';

const MASK = '***';

/** The settings as they may be logged: secrets, private keys and passwords inside addresses are masked. */
export function masked(settings: Settings): Settings {
  const { database, kafka, tencent } = settings;
  return {
    ...settings,
    database: { url: maskedUrl(database.url), migrationUrl: maskedUrl(database.migrationUrl) },
    kafka: {
      ...kafka,
      ssl: kafka.ssl && { ca: mask(kafka.ssl.ca), cert: mask(kafka.ssl.cert), key: mask(kafka.ssl.key) },
      sasl: kafka.sasl && { ...kafka.sasl, password: MASK },
    },
    tencent: { ...tencent, secretKey: MASK },
  };
}

function mask(secret: string | null): string | null {
  return secret === null ? null : MASK;
}

/** Of the query only the names are shown: Postgres takes passwords there too. */
function maskedUrl(address: string): string {
  if (!URL.canParse(address)) return MASK;
  const url = new URL(address);
  if (url.password !== '') url.password = MASK;
  for (const name of new Set(url.searchParams.keys())) url.searchParams.set(name, MASK);
  return url.href;
}
