/** Builds the dashboard in a process of its own, so that the hub neither waits for it nor gets its memory. */
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type BuildOutcome, outcomeOf } from './build-outcome.ts';

export interface BuildRun {
  /** Never rejects. */
  outcome: Promise<BuildOutcome>;
  /** Ends the process and waits until it is gone. */
  stop(): Promise<void>;
}

export interface BuildRunOptions {
  /** `apps/dashboard`. */
  root: string;
  timeoutMs: number;
  /** Told every line the process prints. */
  onLine: (line: string) => void;
  /** For tests: another module to run. */
  script?: string;
}

const SCRIPT = fileURLToPath(new URL('build-main.ts', import.meta.url));
const HEAP_MB = 1_024;
const ADVICE = 'The log of the hub may say more. Start the hub again, or run: node apps/hub/src/dashboard/build-main.ts';

export function runBuild({ root, timeoutMs, onLine, script = SCRIPT }: BuildRunOptions): BuildRun {
  // Nothing of the hub's environment, which holds its secrets, is for the tools of a build.
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, script, root], {
    cwd: dirname(script),
    env: { NODE_ENV: 'production', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  if (child.pid !== undefined) standBack(child.pid);
  let told: BuildOutcome | null = null;
  let late = false;
  child.on('message', (message) => {
    told = outcomeOf(message);
  });
  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface({ input: stream }).on('line', onLine);
  const limit = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, timeoutMs);
  const outcome = new Promise<BuildOutcome>((done) => {
    child.once('error', (error) => done(failed(`The process that builds the dashboard did not start: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (late) done(failed(`The dashboard was not built within ${Math.round(timeoutMs / 1_000)} s.`));
      else done(told ?? failed(`The process that builds the dashboard ended early (${signal ?? `exit code ${code}`}).`));
    });
  }).finally(() => clearTimeout(limit));
  return {
    outcome,
    async stop() {
      child.kill('SIGKILL');
      await outcome;
    },
  };
}

/** A first start under load: messages come first. Where a sandbox does not allow it, the build runs like everything else. */
function standBack(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // The dashboard is built all the same.
  }
}

function failed(reason: string): BuildOutcome {
  return { how: 'failed', reason, advice: ADVICE };
}
