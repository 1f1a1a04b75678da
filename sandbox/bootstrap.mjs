/**
 * From a fresh clone to a running command: `node sandbox/bootstrap.mjs demo|test|check|stack|chaos|bench|generate [args…]`.
 * Plain JavaScript on Node alone: nothing is installed yet when it starts. Whatever it prepares tells its progress on
 * standard error; standard output belongs to the command.
 */
import { checkNode } from './bootstrap/node-version.mjs';
import { endWithNpm } from './bootstrap/end-with-npm.mjs';

checkNode();
endWithNpm();

const { installPackages } = await import('./bootstrap/packages.mjs');
const { generatePrismaClient } = await import('./bootstrap/prisma-client.mjs');
const { buildService } = await import('./bootstrap/build.mjs');
const { fetchKafka, runTypeScript } = await import('./bootstrap/typescript.mjs');
const { runTests } = await import('./bootstrap/jest.mjs');
const { check } = await import('./bootstrap/check.mjs');

async function prepareToRun() {
  await buildService();
  await fetchKafka();
}

const commands = {
  generate: () => 0,
  check,
  test: async (args) => {
    await prepareToRun();
    return runTests(args);
  },
  demo: async (args) => {
    await prepareToRun();
    return runTypeScript('sandbox/demo/main.ts', args);
  },
  stack: async (args) => {
    await prepareToRun();
    return runTypeScript('sandbox/stack.ts', args);
  },
  chaos: async (args) => {
    await prepareToRun();
    return runTypeScript('sandbox/chaos/main.ts', args);
  },
  bench: async (args) => {
    await prepareToRun();
    return runTypeScript('sandbox/bench/budget.ts', args);
  },
};

const [name, ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name ?? '') ? commands[name] : null;
if (command === null) {
  console.error(`usage: node sandbox/bootstrap.mjs ${Object.keys(commands).join('|')} [arguments]`);
  process.exit(2);
}
try {
  await installPackages();
  await generatePrismaClient();
  process.exitCode = await command(args);
} catch (error) {
  console.error(error.message);
  process.exitCode = error.exitCode ?? 1;
}
