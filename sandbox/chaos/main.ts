import { writeFileSync } from 'node:fs';
import { serialize } from 'node:v8';
import { endOnSignal } from '../parts/on-signal.js';
import { endEverything } from '../parts/watched.js';
import { readArguments, usage } from './arguments.js';
import type { Wishes } from './arguments.js';
import { runBroken } from './broken/run.js';
import { runCampaign } from './campaign.js';
import { countsByPromise, figureLines, violationLines } from './tell/report.js';

/*
 * `npm run chaos`: a campaign against real instances of the service. Ends with 0 if no promise was broken, else with 1;
 * whatever was started ends with it.
 */
const write = (text: string): void => void process.stdout.write(text);
const say = (line: string): void => {
  write(`${line}\n`);
};

function wishes(): Wishes {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    say(usage);
    process.exit(2);
  }
}

async function campaign(wished: Wishes): Promise<number> {
  const { minutes, instances, seed, dist, report, keep, quiet } = wished;
  const { violations, figures, errors, ...verdict } = await runCampaign({
    seconds: minutes * 60,
    instances,
    seed,
    dist,
    terminal: process.stdout.isTTY && !quiet,
    write: quiet ? () => undefined : write,
    ...(keep !== null && {
      onHistory: (history) => {
        writeFileSync(keep, serialize(history));
      },
    }),
  });
  const all = { seed, minutes, instances, ...figures, violations: violations.length };
  if (report !== null)
    writeFileSync(report, JSON.stringify({ figures: all, violations, errors, ...verdict }, null, 2));
  if (!quiet || violations.length > 0) {
    for (const line of [...figureLines(all), ...violationLines(violations)]) say(line);
    if (errors.length > 0) say(`\nERROR lines of the instances:\n${errors.join('\n')}`);
  }
  const counts = violations.length === 0 ? 'no promise was broken' : countsByPromise(violations);
  say(`chaos, ${minutes} min, ${instances} instances, seed ${seed}: ${counts}`);
  return violations.length === 0 ? 0 : 1;
}

const wished = wishes();
// Whoever read along has left (`| head`): end as SIGPIPE would; the watchdog ends the parts.
process.stdout.on('error', () => process.exit(141));
endOnSignal((shellsCode) => shellsCode);
let code = 1;
try {
  code = wished.broken ? Number(!(await runBroken(wished, say))) : await campaign(wished);
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
await endEverything();
process.exit(code);
