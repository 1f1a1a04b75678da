import * as claim from '../../src/postgres/statements/claim.js';
import * as others from '../../src/postgres/statements/others.js';
import * as record from '../../src/postgres/statements/record.js';
import * as settle from '../../src/postgres/statements/settle.js';
import { effects } from './point.js';
import { crashPoints } from './points.js';

/** They change something, and no message waits for them: a clock that was set. */
const besideTheWay = ['hold'];

it('every statement that changes something on the way of a message is an effect of the list', () => {
  const statements = Object.values({ ...claim, ...others, ...record, ...settle });
  const changing = statements.filter(({ text }) => /\b(INSERT|UPDATE|DELETE)\b|usher_(?!now)/.test(text));
  const names = changing.map(({ name }) => name).filter((name) => !besideTheWay.includes(name));
  expect(names.length).toBeGreaterThan(5);
  expect(effects).toEqual(expect.arrayContaining(names));
});

it.each(effects)('the list stops an instance beside the effect "%s", and while it is under way', (effect) => {
  const phases = crashPoints.filter(({ stop }) => stop.effect === effect).map(({ stop }) => stop.phase);
  expect(phases).toContain('sent');
  expect(phases.filter((phase) => phase === 'before' || phase === 'after')).not.toEqual([]);
});

it('no two points of the list are the same', () => {
  const stops = crashPoints.map(({ scene, stop }) => JSON.stringify([scene, stop]));
  expect(new Set(stops).size).toBe(stops.length);
});
