import { judge } from '../../../../sandbox/chaos/judge/judge.js';
import { Story, iso, moment, unanswered } from './histories.js';
import { randomHistory } from './random-story.js';

describe('judging a whole campaign', () => {
  it.each([1, 2, 3, 4, 5])('tells nothing of a faithful service (seed %i)', (seed) => {
    const history = randomHistory(seed, 10, 60);
    const { violations, figures } = judge(history);
    expect(violations).toEqual([]);
    expect(figures).toMatchObject({ outcomes: 600, requests: 600, unconfirmed: 0 });
    expect(figures['requests called more than once']).toBeGreaterThan(10);
    expect(figures['predictions']).toBeGreaterThan(10);
    expect(figures['outcomes done by read-back']).toBeGreaterThan(10);
    expect(figures['outcomes rejected by read-back']).toBeGreaterThan(0);
  });

  it('counts what happened', () => {
    const story = new Story();
    story.seat(0, 'a');
    story.claim(500, { requestId: 'a' });
    story.read(600);
    story.ask(700, 'b', { index: 2, memberAccount: 'user-2' });
    story.settle(31_000, 'b', { status: 'unconfirmed', decidedBy: 'read-back' });
    const { figures } = judge(story.history());
    expect(figures).toMatchObject({
      requests: 2,
      outcomes: 2,
      'outcomes done by tencent': 1,
      'outcomes unconfirmed by read-back': 1,
      'unconfirmed requests': 'b',
      'latest outcome after its deadline, ms': 1_004,
      'calls of room_engine_http_mic/pick_user_on_seat': 1,
      'worst second of room_engine_http_mic/get_seat_list': 1,
      'reads of the seats': 1,
      'slots used (claims)': 3,
      'claims without a call': 1,
      'share of claims without a call': '33.33 %',
    });
  });
});

describe('the timeline of a violation', () => {
  function blindRepeat(): Story {
    const story = new Story();
    story.ask(0, 'a');
    story.call(100, 'a', unanswered);
    story.change(200, { kind: 'seat-left', memberAccount: 'user-1', index: 1 });
    story.change(201, { kind: 'seat-taken', memberAccount: 'user-7', index: 7 });
    story.read(300);
    story.call(400, 'a', { resultCode: 100210 });
    story.settle(500, 'a', { status: 'rejected', reason: 'seat-occupied', decidedBy: 'tencent' });
    story.disturbances.push(
      { at: moment(150), what: 'kill instance 2' },
      { at: moment(90_000), what: 'much later' },
    );
    return story;
  }

  it('tells the whole story of the request, oldest first, each line with its time', () => {
    const { violations } = judge(blindRepeat().history());
    const repeat = violations.find(({ promise }) => promise === 'P6');
    expect(repeat?.timeline.map((line) => line.replace(/^(\S+) (\S+ \S+).*$/, '$1 $2'))).toEqual([
      `${iso(0)} asked in`,
      `${iso(79)} claimed: attempt`,
      `${iso(100)} call 1`,
      `${iso(103)} call 1`,
      `${iso(103)} seat-taken 1`,
      `${iso(150)} — kill`,
      `${iso(200)} seat-left 1`,
      `${iso(300)} read 2`,
      `${iso(379)} claimed: attempt`,
      `${iso(400)} call 3`,
      `${iso(403)} call 3`,
      `${iso(406)} call 3`,
      `${iso(500)} settled: rejected`,
      `${iso(502)} recorded`,
      `${iso(504)} outcome, copy`,
      `${iso(30_000)} its deadline`,
    ]);
  });

  it('comes with the moment of the breach; of one that has none, when the request was settled or asked for', () => {
    const story = blindRepeat();
    story.ask(700, 'b', { memberAccount: 'user-2', index: 2 });
    story.ask(800, 'c', { memberAccount: 'user-3', index: 3 });
    story.settle(900, 'c', { status: 'failed', decidedBy: 'mirror' });
    const { violations } = judge(story.history());
    const moments = violations.map(({ promise, requestId, at }) => [promise, requestId, at]);
    expect(moments).toContainEqual(['P6', 'a', moment(400)]);
    expect(moments).toContainEqual(['P1', 'b', moment(700)]);
    expect(moments).toContainEqual(['P10', 'c', moment(900)]);
  });

  it('shows 60 lines at most, the own ones and the nearest', () => {
    const story = blindRepeat();
    for (let read = 0; read < 100; read++) story.read(500 + read * 20);
    const { violations } = judge(story.history());
    const timeline = violations.find(({ promise }) => promise === 'P6')?.timeline ?? [];
    expect(timeline).toHaveLength(60);
    expect(timeline.join('\n')).toContain('more lines are left out');
    expect(timeline.join('\n')).toContain('outcome, copy 1');
  });

  it('shows the calls and the disturbances around a violation that is no request’s', () => {
    const story = new Story();
    story.read(0, 'room-0', { slot: null });
    story.disturbances.push({ at: moment(10), what: 'postgres restarted' });
    const [violation] = judge(story.history()).violations;
    expect(violation?.timeline.join('\n')).toMatch(/call 1 .* arrived\n.*— postgres restarted/);
  });

  it('is drawn for the first 25 of a promise; all are told', () => {
    const story = new Story();
    for (let read = 0; read < 40; read++) story.read(read * 10, 'room-0', { slot: null });
    const { violations, figures } = judge(story.history());
    expect(violations).toHaveLength(40);
    expect(violations.filter(({ timeline }) => timeline.length > 0)).toHaveLength(25);
    expect(figures['violations of P4']).toBe(40);
  });
});
