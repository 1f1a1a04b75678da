import { twinSecretKey } from '../../../sandbox/twin/credentials.js';
import type { Twin } from '../../../sandbox/twin/server.js';
import { startTwin } from '../../../sandbox/twin/server.js';
import type { Oddity } from './caller.js';
import { call, pick, seatList, signature } from './caller.js';

const good = { RoomId: 'room', Member_Account: 'ann', Index: 0 };

describe('the gateway', () => {
  let twin: Twin;

  beforeAll(async () => {
    twin = await startTwin({ latencyMeanMs: 0, latencyJitterMs: 0 });
    twin.control.createRooms([{ roomId: 'room', seats: 2, members: ['ann'] }]);
  });
  afterAll(async () => {
    await twin.stop();
  });

  it('answers HTTP 200 with the envelope and a RequestId of its own', async () => {
    const answers = [await call(twin.url, seatList, { RoomId: 'room' }), await call(twin.url, pick, {})];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[0]?.body).toMatchObject({ ErrorCode: 0, ErrorInfo: '', ActionStatus: 'OK' });
    expect(answers[1]?.body).toMatchObject({ ErrorCode: 100002, ActionStatus: 'FAIL' });
    const ids = answers.map(({ body }) => body['RequestId']);
    for (const id of ids) expect(id).toMatch(/^Id-[0-9a-f]{32}-O-Seq-\d+$/);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it.each<[string, Oddity, number]>([
    ['another method', { method: 'PUT' }, 60002],
    ['a path outside of /v4', { path: '/v3/room_engine_http_mic/pick_user_on_seat' }, 60009],
    ['a trailing slash', { path: '/v4/room_engine_http_mic/pick_user_on_seat/' }, 60009],
    ['an unknown service', { path: '/v4/nowhere/pick_user_on_seat' }, 60009],
    ['an unknown command', { path: '/v4/room_engine_http_mic/pick' }, 10003],
    ['a command in capitals', { path: '/v4/room_engine_http_mic/Pick_User_On_Seat' }, 10003],
    ['no sdkappid', { query: { sdkappid: null } }, 60012],
    ['a parameter name in capitals', { query: { sdkappid: null, SdkAppId: '1400000000' } }, 60012],
    ['an sdkappid that is no number', { query: { sdkappid: 'abc' } }, 60025],
    ['an sdkappid that nobody has', { query: { sdkappid: '1400000009' } }, 70020],
    ['no identifier', { query: { identifier: null } }, 60025],
    ['no usersig', { query: { usersig: null } }, 60025],
    ['no contenttype', { query: { contenttype: null } }, 60025],
    ['another contenttype', { query: { contenttype: 'JSON' } }, 60025],
    ['no random', { query: { random: null } }, 60002],
    ['a random above 32 bits', { query: { random: '4294967296' } }, 60002],
    ['a negative random', { query: { random: '-1' } }, 60002],
    ['a random with a fraction', { query: { random: '1.5' } }, 60002],
    ['a body that is no JSON', { raw: '{"RoomId":' }, 60003],
    ['an empty body', { raw: '' }, 60003],
    ['a list as body', { raw: '[]' }, 60003],
    ['null as body', { raw: 'null' }, 60003],
  ])('refuses %s', async (_what, odd, code) => {
    expect((await call(twin.url, pick, good, odd)).code).toBe(code);
  });

  it.each<[string, string, string, number]>([
    ['expired', signature({ time: 1, expire: 1 }), 'administrator', 70001],
    ['garbage', 'garbage', 'administrator', 70003],
    ['made with another key', signature({}, twinSecretKey.replace('0', 'f')), 'administrator', 70009],
    ['of somebody else', signature({ identifier: 'ann' }), 'administrator', 70013],
    ['of another application', signature({ sdkAppId: 1400000001 }), 'administrator', 70014],
    ['good, but of no administrator', signature({ identifier: 'ann' }), 'ann', 60010],
  ])('refuses a usersig that is %s', async (_what, usersig, identifier, code) => {
    expect((await call(twin.url, pick, good, { query: { usersig, identifier } })).code).toBe(code);
  });

  it.each([
    ['no index', { RoomId: 'room', Member_Account: 'ann' }],
    ['an index as text', { ...good, Index: '0' }],
    ['an index with a fraction', { ...good, Index: 0.5 }],
    ['a number as member', { ...good, Member_Account: 7 }],
    ['an empty member', { ...good, Member_Account: '' }],
    ['a member of 33 bytes', { ...good, Member_Account: `${'ä'.repeat(16)}b` }],
    ['a room that is null', { ...good, RoomId: null }],
    ['SeatIndex for Index', { RoomId: 'room', Member_Account: 'ann', SeatIndex: 0 }],
    ['a field too many', { ...good, ToIndex: 0 }],
    ['a field in small letters', { roomid: 'room', Member_Account: 'ann', Index: 0 }],
  ])('refuses a body with %s', async (_what, body) => {
    expect((await call(twin.url, pick, body)).code).toBe(100002);
  });

  it('names the wrong field', async () => {
    const { body } = await call(twin.url, pick, { ...good, Index: 'x' });
    expect(body['ErrorInfo']).toContain('Index');
  });

  it('executes nothing of all that', () => {
    expect(twin.control.effects().entries.filter(({ kind }) => kind === 'seat-taken')).toEqual([]);
  });

  it('keeps signatures out of its logs', () => {
    const written = JSON.stringify(twin.control.calls());
    expect(written).toContain('"answerCode":70001');
    expect(written).not.toContain('usersig');
    expect(written).not.toContain(signature().slice(0, 20));
  });
});
