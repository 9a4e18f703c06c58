/** Stock SOAP clients as programs: zeep of Python and SoapClient of PHP. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const ZEEP_INSTALL = "install Python's zeep: apt-get install python3-zeep";
export const PHP_INSTALL = 'install PHP with its SOAP extension: apt-get install php-cli php-soap';

// The distribution's own interpreter has the distribution's packages; another one first on PATH may not.
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const TIME_MAX_MS = 60_000;

export function zeepInstalled(): boolean {
  return spawnSync(PYTHON, ['-c', 'import zeep'], { stdio: 'ignore' }).status === 0;
}

export function phpInstalled(): boolean {
  return spawnSync('php', ['-r', 'exit(extension_loaded("soap") ? 0 : 1);'], { stdio: 'ignore' }).status === 0;
}

/** One process for many calls, each with a client of its own: loading zeep takes longer than most calls. */
export interface Zeep {
  /** @throws Error with what Python said when the call ends with neither an answer nor a fault */
  call: (job: object) => Promise<unknown>;
  close: () => void;
}

export function startZeep(): Zeep {
  const child = spawn(PYTHON, ['-B', join(import.meta.dirname, 'zeep_client.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();
  async function ask(job: object): Promise<unknown> {
    child.stdin.write(`${JSON.stringify(job)}\n`);
    const line = await answers.next();
    if (line.done === true) throw new Error('zeep ended');
    const said: unknown = JSON.parse(line.value);
    if (typeof said === 'object' && said !== null && 'error' in said) throw new Error(`zeep: ${String(said.error)}`.slice(0, 4_000));
    return said;
  }
  return {
    call(job) {
      const answer = last.then(() => ask(job));
      last = answer.catch(() => undefined);
      return answer;
    },
    close: () => void child.kill('SIGKILL'),
  };
}

export function runPhp(job: object): Promise<unknown> {
  return run('php', [join(import.meta.dirname, 'soap_client.php')], job);
}

/** @throws Error with what the program wrote to stderr when its answer is no JSON */
async function run(command: string, parameters: string[], job: object): Promise<unknown> {
  const child = spawn(command, parameters, { stdio: ['pipe', 'pipe', 'pipe'], timeout: TIME_MAX_MS });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    out += piece;
  });
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    err += piece;
  });
  child.stdin.end(JSON.stringify(job));
  await new Promise((done) => child.once('close', done));
  try {
    return JSON.parse(out);
  } catch {
    throw new Error(`${command}: ${out}${err}`.slice(0, 4_000));
  }
}
