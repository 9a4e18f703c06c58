/** `pnpm demo`: the hub on an embedded PostgreSQL, a small company around it, and traffic between them. */
import { StartRefused } from '@nave/hub';
import { parseArguments, USAGE } from './arguments.ts';
import { createDemoConsole } from './console/demo-console.ts';
import { type RunDemo, runDemo } from './run-demo.ts';

const EXIT_INTERRUPTED = 130;

const given = parseArguments(process.argv.slice(2));
if (typeof given === 'string') {
  console.error(`${given}\n\n${USAGE}`);
  process.exitCode = 2;
} else if (given.help) console.log(USAGE);
else await demo(given);

async function demo({ once, ...traffic }: Exclude<typeof given, string>): Promise<void> {
  const out = createDemoConsole(process.stdout);
  const interrupt = new AbortController();
  let signals = 0;
  const onSignal = () => {
    signals++;
    if (signals > 2) process.exit(EXIT_INTERRUPTED);
    interrupt.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  let running: RunDemo;
  try {
    running = await runDemo({ ...traffic, env: process.env, outage: traffic.rounds >= 8, out, signal: interrupt.signal });
  } catch (error) {
    console.error(error instanceof StartRefused ? error.lines.join('\n') : error instanceof Error ? error.message : error);
    process.exitCode = 1;
    return;
  }
  if (!once && !interrupt.signal.aborted) {
    out.print('\nThe hub and the systems go on serving; Ctrl-C ends them.');
    await new Promise<void>((done) => interrupt.signal.addEventListener('abort', () => done(), { once: true }));
  }
  await running.stop();
  process.exitCode = once && running.account.missing.length > 0 ? 1 : 0;
}
