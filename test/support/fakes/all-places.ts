import type { CallPlaces } from '../../../src/commands/ports.js';

/** Whoever wants to call Tencent may. */
export const allPlaces: CallPlaces = {
  free: () => Infinity,
  freed: () => Promise.reject(new Error('there was room already')),
};
