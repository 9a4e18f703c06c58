/** The reader of a dashboard has a machine of their own: on the one of a benchmark, the browser is given the cores whenever it wants them. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

const OTHERS_NICE = 10;
const BROWSER_NICE = -15;

/**
 * Call it when the browser runs and nothing else has been started yet: children get the priority of their parent. Linux weighs sessions against each
 * other, whatever the priorities within them are (sched(7), autogroups), and PostgreSQL makes one for every connection, so the browser's session is lifted as well.
 * @returns false when that is not allowed (it takes root) or not known: then the browser shares the cores with all the others
 */
export function giveBrowserTheCores(): boolean {
  setPriority(OTHERS_NICE);
  try {
    const browsers = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isBrowserOfOurs(pid));
    for (const pid of browsers) writeFileSync(`/proc/${pid}/autogroup`, String(BROWSER_NICE));
    return browsers.length > 0;
  } catch {
    return false;
  }
}

/** The fields after the name, which may hold anything (proc_pid_stat(5)): state, parent, ... */
function isBrowserOfOurs(pid: string): boolean {
  const stat = statOf(pid);
  const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return stat.includes('(chromium)') && Number(parent) === process.pid;
}

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}
