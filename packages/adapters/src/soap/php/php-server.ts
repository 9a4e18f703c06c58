/** Starts PHP's SoapServer on a port with one WSDL per port of the order system. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ORDERS_XSD, ordersWsdl } from '../simulator/wsdl.ts';

export const PHP_INSTALL = 'install PHP with its SOAP extension: apt-get install php-cli php-soap';

const PORTS = ['Orders11', 'Orders12', 'Sums', 'PriceLists'] as const;

/** Whether PHP with SOAP is there. */
export function phpInstalled(): boolean {
  return spawnSync('php', ['-r', 'exit(extension_loaded("soap") ? 0 : 1);'], { stdio: 'ignore' }).status === 0;
}

export interface PhpServer {
  url: string;
  /** The WSDL of one port, as the server uses it. */
  wsdl: (port: (typeof PORTS)[number]) => string;
  close: () => Promise<void>;
}

const START_MS = 60_000;

/** @throws when PHP does not answer within a minute */
export async function startPhpServer(port: number): Promise<PhpServer> {
  const dir = await mkdtemp(join(tmpdir(), 'nave-soap-'));
  const url = `http://127.0.0.1:${port}`;
  const wsdl = (name: string): string => onePort(url, name);
  await Promise.all([
    ...PORTS.map((name) => writeFile(join(dir, `${name}.wsdl`), wsdl(name))),
    writeFile(join(dir, 'orders.xsd'), ORDERS_XSD),
  ]);
  const router = join(import.meta.dirname, 'server.php');
  const child = spawn('php', ['-n', ...extensions(), '-S', `127.0.0.1:${port}`, '-t', dir, router], { stdio: 'ignore' });
  await answers(`${url}/orders.xsd`);
  return {
    url,
    wsdl,
    async close() {
      await stop(child);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The configuration files of the machine are left out, its SOAP extension is not. */
function extensions(): string[] {
  const bare = spawnSync('php', ['-n', '-r', 'exit(extension_loaded("soap") ? 0 : 1);'], { stdio: 'ignore' }).status === 0;
  return bare ? [] : ['-d', 'extension=soap.so'];
}

/** SoapServer serves the first port of a WSDL: each gets one of its own. */
function onePort(url: string, name: string): string {
  return ordersWsdl(url)
    .split('\n')
    .filter((line) => !line.includes('<port name=') || line.includes(`<port name="${name}"`))
    .join('\n')
    .replace(/location="[^"]*"/, `location="${url}/${name}"`);
}

async function answers(url: string): Promise<void> {
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    try {
      if ((await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok) return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('PHP does not answer');
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill();
  });
}
