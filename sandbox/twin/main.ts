import { parseArgs } from 'node:util';
import type { TwinOptions } from './options.js';
import { optionNames } from './options.js';
import { startTwin } from './server.js';

/*
 * The twin as a process of its own. Every option is a flag in kebab case (`--port 4000 --limit-per-second 100
 * --faults '[…]'`), or a member of the JSON object in TWIN_OPTIONS; flags win. The first line printed is the URL.
 */
const flagOf = (option: string): string => option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const flags = Object.fromEntries(optionNames.map((name) => [flagOf(name), { type: 'string' as const }]));

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function chosenOptions(): Partial<TwinOptions> {
  const { values } = parseArgs({ options: flags });
  const given = optionNames.flatMap((name) => {
    const text = values[flagOf(name)];
    return typeof text === 'string' ? [[name, valueOf(text)] as const] : [];
  });
  const environment = valueOf(process.env['TWIN_OPTIONS'] ?? '{}');
  return { ...(environment as object), ...Object.fromEntries(given) };
}

const twin = await startTwin(chosenOptions());
console.log(twin.url);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void twin.stop();
  });
}
