import { colours, noColours } from '../../../sandbox/demo/palette.js';
import { drawScreen, roomsShown } from '../../../sandbox/demo/screen.js';
import { view } from './views.js';

const smallest = { columns: 80, rows: 24 };

describe('the screen', () => {
  it('shows all of it on 80 × 24', () => {
    expect(drawScreen(view, smallest, noColours).map((line) => line.trimEnd())).toEqual([
      ' Usher · every wish for a seat, one answer            12,300 outcomes · up 1:23',
      ' ★ Aretha appears in late-night-jazz: 300 people rush for seat 1',
      ' ╭─ late-night-jazz · 21 people ───────────────────────────────────────╮',
      ' │Aretha│Iris.D│ ·    │ Tom  │ Ada  │ ·    │ Mia  │ Ben  │ Zoe  │ Max  │',
      ' ╰─0────┴─1────┴─2────┴─3────┴─4────┴─5────┴─6────┴─7────┴─8────┴─9────╯',
      ' ╭─ book-club · 21 people ───────────────────────────────╮',
      ' │ Simon│ Erik │ ·    │ ·    │ Jan  │ Amy  │ Omar │locked│',
      ' ╰─0────┴─1────┴─2────┴─3────┴─4────┴─5────┴─6────┴─7────╯',
      ' OUTCOMES of 12,345 requests, 45 open     CALLS TO TENCENT',
      ' ✗ seat-occupied     7,402 ████████████ │ made             saved by mirror 71%',
      ' ✓ done              2,210 ███▋         │ ╺━┓╻ ╻┏━╸┏━╸     ┏━┓╻ ╻ ┓ ╺━┓',
      ' ✗ already-seated      930 █▌           │  ━┫┗━┫┗━┓┣━┓     ┣━┫┗━┫ ┃ ┏━┛',
      ' ✗ seat-locked         611 █            │ ╺━┛  ╹╺━┛┗━┛     ┗━┛  ╹ ┻ ┗━╸',
      ' ✗ not-a-member        588 █            │ per sec   ▂▂▂▂▅█▇▃▂▂▂▂▂▂▃  57 of 200',
      ' ~ deadline-passed       3 ▏            │ worst sliding second 193/200, 0 over',
      ' ! unreadable           24 dead letters │ request→outcome p50 17 ms, p99 2.1 s',
      ' WHAT HAPPENS',
      ' ! unreadable, kept as a dead letter, not-json: The value is not JSON that can …',
      ' ★ Aretha appears in late-night-jazz: 300 people rush for seat 1',
      ' ✓ Iris.D → late-night-jazz 1: seated · tencent, 1 call',
      ' ✗ Mia → late-night-jazz 1: seat-occupied by Tom · mirror, 0.4 s old, no call',
      ' ~ Mia → late-night-jazz 1: deadline-passed · deadline, no call',
      '',
      ' Ctrl-C ends it all and sums up',
    ]);
  });

  it.each([
    [80, 24],
    [81, 25],
    [100, 30],
    [132, 43],
    [160, 50],
    [237, 64],
  ])('fills %d × %d exactly, no line is too wide', (columns, rows) => {
    const lines = drawScreen(view, { columns, rows }, noColours);
    expect(lines).toHaveLength(rows);
    expect(Math.max(...lines.map((line) => line.length))).toBe(columns);
  });

  it('colours without changing the text', () => {
    // A control character cannot stand in a literal expression.
    const escape = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
    const coloured = drawScreen(view, smallest, colours);
    expect(coloured.join('\n')).toMatch(escape);
    expect(coloured.map((line) => line.replaceAll(escape, ''))).toEqual(
      drawScreen(view, smallest, noColours),
    );
  });

  it('grows: more rooms, more endings, longer sentences', () => {
    const size = { columns: 160, rows: 50 };
    expect(roomsShown(smallest)).toBe(2);
    expect(roomsShown(size)).toBe(10);
    const text = drawScreen(view, size, noColours).join('\n');
    expect(text).toContain('~ deadline-passed');
    expect(text).toContain(
      'refused, seat-occupied (held by Tom), decided by the mirror from an own call 0.4 s old, no call',
    );
  });

  it('cuts rows where the terminal is smaller', () => {
    expect(drawScreen(view, { columns: 40, rows: 10 }, noColours)).toHaveLength(10);
  });

  it('shows the time that is left, and what the run does not prove', () => {
    const text = drawScreen({ ...view, leftMs: 4200, caveat: 'proves nothing' }, smallest, noColours).join(
      '\n',
    );
    expect(text).toContain('up 1:23 · 5 s to go');
    expect(text).toContain('Ctrl-C ends it all and sums up · proves nothing');
  });

  it('can be drawn before anything has happened', () => {
    const numbers = {
      ...view.numbers,
      sent: 0,
      open: 0,
      saved: 0,
      endings: [],
      latency: null,
      deadLetters: 0,
    };
    const calls = { made: 0, worstSecond: 0, overLimit: 0, perSecond: [] };
    const empty = { ...view, numbers, calls, rooms: [], latest: [], news: null };
    expect(drawScreen(empty, smallest, noColours)).toHaveLength(24);
  });

  it('alarms where the limit was passed', () => {
    const calls = { ...view.calls, worstSecond: 201, overLimit: 1 };
    const text = drawScreen({ ...view, calls }, smallest, {
      ...noColours,
      alarm: (line) => `<${line}>`,
    }).join('\n');
    expect(text).toContain('<worst sliding second 201/200, 1 over');
  });
});
