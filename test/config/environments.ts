import { ConfigurationError } from '../../src/config/configuration-error.js';
import { readSettings } from '../../src/config/environment.js';
import type { Settings } from '../../src/config/settings.js';

/** The least that must be given. */
export const least = {
  DATABASE_URL: 'postgresql://usher:pg-secret@db:5432/usher',
  KAFKA_BROKERS: 'kafka-1:9092',
  TENCENT_SDK_APP_ID: '1400000000',
  TENCENT_SECRET_KEY: 'key-secret',
};

/** Settings of the least environment with these variables on top. */
export function settingsWith(env: Record<string, string>): Settings {
  return readSettings({ ...least, ...env }, false);
}

/** What is wrong with the least environment once these variables are set: one line a problem. */
export function problemsOf(env: Record<string, string | undefined>): string[] {
  return problemsIn(() => readSettings({ ...least, ...env }, false));
}

/** The problems that reading ends with; none if it ends well. */
export function problemsIn(read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems.map(({ variable, repair }) => `${variable} ${repair}`);
  }
}
