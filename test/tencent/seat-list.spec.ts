import { parse } from 'lossless-json';
import { seatsOf } from '../../src/tencent/seat-list.js';

const seats = (list: string) => seatsOf(parse(`{"SeatList":${list}}`));
const flags = '"IsTakenDisabled":false,"IsVideoDisabled":false,"IsAudioDisabled":false';

describe('a seat list', () => {
  it('has held, free and locked seats', () => {
    const list = `[{"Index":0,"Member_Account":"user7",${flags}},{"Index":1,${flags}},{"Index":2,"IsTakenDisabled":true}]`;
    expect(seats(list)).toEqual([
      { index: 0, occupant: 'user7', locked: false },
      { index: 1, occupant: null, locked: false },
      { index: 2, occupant: null, locked: true },
    ]);
  });

  it('keeps every digit of accounts that come as bare numbers', () => {
    const list =
      '[{"Index":0,"Member_Account":144115233775727695},{"Index":1,"Member_Account":144115233775727690}]';
    expect(seats(list)?.map((seat) => seat.occupant)).toEqual(['144115233775727695', '144115233775727690']);
  });

  it.each(['""', 'null'])('takes the account %s for a free seat', (account) => {
    expect(seats(`[{"Index":0,"Member_Account":${account}}]`)?.[0]?.occupant).toBeNull();
  });

  it('may be empty', () => {
    expect(seats('[]')).toEqual([]);
  });

  it.each([
    ['no list', '{}'],
    ['a seat that is none', '[7]'],
    ['a seat without a number', '[{"Member_Account":"u"}]'],
    ['a number as text', '[{"Index":"0"}]'],
    ['a negative number', '[{"Index":-1}]'],
    ['half a number', '[{"Index":0.5}]'],
    ['one seat twice', '[{"Index":0},{"Index":0}]'],
    ['an account that is neither text nor digits', '[{"Index":0,"Member_Account":{}}]'],
    ['an account in floating point', '[{"Index":0,"Member_Account":1.4e17}]'],
    ['an account that cannot be stored', '[{"Index":0,"Member_Account":"a\\u0000"}]'],
    ['an account with half a character', '[{"Index":0,"Member_Account":"a\\ud800"}]'],
    ['a lock that is neither true nor false', '[{"Index":0,"IsTakenDisabled":1}]'],
  ])('is understood whole or not at all: %s', (_what, list) => {
    expect(seats(list)).toBeNull();
  });

  it('is not made up where the payload is missing', () => {
    expect(seatsOf(undefined)).toBeNull();
    expect(seatsOf(parse('[]'))).toBeNull();
  });
});
