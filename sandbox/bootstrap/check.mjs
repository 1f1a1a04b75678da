import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildService } from './build.mjs';
import { allTests, runJest } from './jest.mjs';
import { program, run } from './run.mjs';
import { fetchKafka } from './typescript.mjs';

const steps = {
  format: () => run(program('prettier'), ['--check', '.']),
  lint: () => run(program('eslint'), ['.']),
  'import directions': () => run(program('depcruise'), ['src', 'sandbox', 'test']),
  types: () => run(program('tsc'), ['--noEmit', '-p', 'tsconfig.json']),
  'unused code': () => run(program('knip'), []),
  build: async () => {
    await buildService();
    return 0;
  },
};

/** All that CI runs. Every step runs even if one fails; the last line is `N passed, N failed`. */
export async function check() {
  let failedSteps = 0;
  for (const [title, step] of Object.entries(steps)) {
    if (!(await passes(title, step))) failedSteps += 1;
  }
  const tests = await runTests();
  if (!(await passes('chaos', campaign))) failedSteps += 1;
  const failed = tests.failed + failedSteps;
  const skipped = tests.skipped === 0 ? '' : `, ${tests.skipped} skipped`;
  console.log(`${tests.passed} passed, ${failed} failed${skipped}`);
  return failed === 0 ? 0 : 1;
}

/** Two minutes of chaos, always the same; it says little unless a promise was broken. */
function campaign() {
  const wishes = ['--minutes', '2', '--instances', '3', '--seed', '1', '--quiet'];
  return run(process.execPath, ['--import', 'tsx', 'sandbox/chaos/main.ts', ...wishes]);
}

async function passes(title, step) {
  console.log(`\n── ${title}`);
  const began = performance.now();
  let passed = false;
  try {
    passed = (await step()) === 0;
  } catch (error) {
    console.log(error.message);
  }
  console.log(
    `── ${title}: ${passed ? 'passed' : 'FAILED'} in ${((performance.now() - began) / 1000).toFixed(1)} s`,
  );
  return passed;
}

async function runTests() {
  await fetchKafka();
  const all = { passed: 0, failed: 0, skipped: 0 };
  for (const [at, args] of allTests.entries()) {
    const run = await runSome(`tests, ${at + 1} of ${allTests.length}`, args);
    for (const name of Object.keys(all)) all[name] += run[name];
  }
  return all;
}

async function runSome(title, args) {
  const folder = mkdtempSync(join(tmpdir(), 'usher-check-'));
  const report = join(folder, 'report.json');
  const passed = await passes(title, () => runJest([...args, '--json', `--outputFile=${report}`]));
  try {
    return count(JSON.parse(readFileSync(report, 'utf8')), passed);
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }; // Jest itself did not come to its end.
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A file that cannot even be loaded counts as one failure; so does whatever else Jest fails for. */
function count(report, passed) {
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return {
    passed: report.numPassedTests,
    failed: passed ? failed : Math.max(failed, 1),
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
