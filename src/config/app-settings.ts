import type { Settings } from './settings.js';

/** The settings of this process as a Nest token: inject `AppSettings`, declare `Settings` where no Nest is needed. */
export abstract class AppSettings implements Settings {
  abstract readonly database: Settings['database'];
  abstract readonly kafka: Settings['kafka'];
  abstract readonly tencent: Settings['tencent'];
  abstract readonly requests: Settings['requests'];
  abstract readonly mirror: Settings['mirror'];
  abstract readonly http: Settings['http'];
  abstract readonly log: Settings['log'];
}
