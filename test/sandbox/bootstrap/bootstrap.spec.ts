import { SmallProject } from './small-project.js';

const install = 'npm ci --include=dev --no-audit --no-fund';
const passedReport = {
  numPassedTests: 5,
  numFailedTests: 0,
  numRuntimeErrorTestSuites: 0,
  numPendingTests: 0,
  numTodoTests: 0,
};

describe('the bootstrap', () => {
  let project: SmallProject;

  beforeEach(() => {
    project = new SmallProject();
  });
  afterEach(() => {
    project.remove();
  });

  it('names the Node that is needed where this one is too old', () => {
    const old =
      '--import=data:text/javascript,Object.defineProperty(process,`versions`,{value:{node:`20.18.3`}})';
    const { exitCode, progress, started } = project.run(['generate'], old);
    expect(exitCode).toBe(1);
    expect(progress).toMatch(/needs Node 20\.19\.0 or newer; this is 20\.18\.3/);
    expect(started).toEqual([]);
  });

  it('lists its commands where it is asked for another', () => {
    expect(project.run(['nonsense'])).toMatchObject({ exitCode: 2, started: [] });
  });

  describe('installing packages', () => {
    it('is left out where everything is there, but for what other platforms need', () => {
      project.lock('package-lock.json', { a: '1.0.0', 'for-windows': '1.0.0?' });
      expect(project.run(['generate']).started).toEqual(['prisma generate']);
    });

    it.each([
      ['nothing was installed', {}],
      ['another version was installed', { a: '0.9.0' }],
    ])('is done where %s, and once', (_, installed) => {
      project.lock('node_modules/.package-lock.json', installed);
      expect(project.run(['generate']).started).toEqual([install, 'prisma generate']);
      expect(project.run(['generate']).started).toEqual([]);
    });

    it('ends everything where it fails', () => {
      project.lock('node_modules/.package-lock.json', {});
      project.write('fails-npm', '');
      expect(project.run(['test'])).toMatchObject({ exitCode: 1, started: [install] });
    });
  });

  it('generates the Prisma client when the schema has changed', () => {
    project.run(['generate']);
    project.write('prisma/schema.prisma', 'two');
    expect(project.run(['generate']).started).toEqual(['prisma generate']);
    expect(project.run(['generate']).started).toEqual([]);
  });

  describe('running the tests', () => {
    it('builds the service when its sources have changed, and hands the arguments on', () => {
      expect(project.run(['test', 'test/a']).started).toEqual([
        'prisma generate',
        'nest build',
        'jest test/a',
      ]);
      expect(project.run(['test', 'test/a']).started).toEqual(['jest test/a']);
      project.write('src/main.ts', 'two');
      expect(project.run(['test']).started.slice(0, -2)).toEqual(['nest build']);
    });

    it('runs all tests in two runs: side by side, and those that need the machine for themselves', () => {
      const [first, second] = project.run(['test']).started.slice(-2);
      expect(first).toMatch(/^jest --testPathIgnorePatterns=(.+) --maxWorkers=3$/);
      expect(second).toMatch(/^jest --testPathPatterns=(.+) --maxWorkers=1$/);
      const patternOf = (line = ''): string => line.slice(line.indexOf('=') + 1, line.lastIndexOf(' '));
      expect(patternOf(first)).toBe(patternOf(second));
    });

    it("ends with Jest's exit code", () => {
      expect(project.run(['test']).exitCode).toBe(0);
      project.write('fails-jest', '');
      expect(project.run(['test']).exitCode).toBe(1);
    });
  });

  describe('the check', () => {
    const lastLine = (output: string): string | undefined => output.trimEnd().split('\n').at(-1);

    it('runs every step and ends with the number of tests', () => {
      project.write('report.json', JSON.stringify(passedReport));
      const { exitCode, output, started } = project.run(['check']);
      expect(started).toEqual([
        'prisma generate',
        'prettier --check .',
        'eslint .',
        'depcruise src sandbox test',
        'tsc --noEmit -p tsconfig.json',
        'knip ',
        'nest build',
        expect.stringMatching(/^jest --testPathIgnorePatterns=.* --json$/),
        expect.stringMatching(/^jest --testPathPatterns=.* --json$/),
        'chaos --minutes 2 --instances 3 --seed 1 --quiet',
      ]);
      expect(lastLine(output)).toBe('10 passed, 0 failed');
      expect(exitCode).toBe(0);
    });

    it('goes on after a step that fails, and counts it', () => {
      project.write('report.json', JSON.stringify(passedReport));
      project.write('fails-eslint', '');
      project.write('fails-nest', '');
      project.write('fails-chaos', '');
      const { exitCode, output, started } = project.run(['check']);
      expect(started.at(-1)).toMatch(/^chaos /);
      expect(lastLine(output)).toBe('10 passed, 3 failed');
      expect(exitCode).toBe(1);
    });

    it.each([
      ['tests that failed', { numFailedTests: 3 }, '10 passed, 6 failed'],
      ['files that could not be loaded', { numRuntimeErrorTestSuites: 1 }, '10 passed, 2 failed'],
      ['Jest failing for another reason', {}, '10 passed, 2 failed'],
      [
        'tests that were skipped',
        { numFailedTests: 1, numPendingTests: 2 },
        '10 passed, 2 failed, 4 skipped',
      ],
    ])('counts %s of both runs', (_, more, expected) => {
      project.write('report.json', JSON.stringify({ ...passedReport, ...more }));
      project.write('fails-jest', '');
      const { exitCode, output } = project.run(['check']);
      expect(lastLine(output)).toBe(expected);
      expect(exitCode).toBe(1);
    });

    it('fails where Jest does not come to its end', () => {
      const { exitCode, output } = project.run(['check']);
      expect(lastLine(output)).toBe('0 passed, 2 failed');
      expect(exitCode).toBe(1);
    });
  });
});
