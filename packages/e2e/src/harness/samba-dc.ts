/** Samba as an Active Directory domain controller of the suite's own, on a loopback address of its own: its ports cannot be chosen. Needs root. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listens } from './slapd-server.ts';
import { waitFor } from './wait-for.ts';

export const SAMBA_INSTALL =
  'Samba as a domain controller is not installed, or this is not root (Debian: apt-get install samba samba-ad-dc samba-ad-provision samba-dsdb-modules)';

export interface SambaDc {
  /** LDAPS. */
  url: string;
  /** Without encryption: StartTLS, or refused. */
  plainUrl: string;
  ca: string;
  /** The name its certificate carries. */
  serverName: string;
  baseDn: string;
  admin: string;
  password: string;
  stop(): Promise<void>;
}

export function sambaInstalled(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/sbin/samba') && existsSync('/usr/share/samba/setup/ad-schema');
}

/** Provisions a new domain `nave.test` (some 10 s) and serves it. */
export async function startSambaDc(): Promise<SambaDc> {
  const dir = await mkdtemp(join(tmpdir(), 'nave-samba-'));
  const address = `127.${64 + Math.floor(Math.random() * 60)}.${1 + Math.floor(Math.random() * 250)}.1`;
  const password = 'Adm1n.SECRET-1';
  const provision = [
    'domain',
    'provision',
    '--server-role=dc',
    '--realm=NAVE.TEST',
    '--domain=NAVE',
    '--host-name=dc1',
    '--host-ip=127.0.0.1',
  ];
  const made = spawnSync(
    'samba-tool',
    [...provision, '--dns-backend=NONE', `--adminpass=${password}`, `--targetdir=${dir}`, `--option=posix:eadb=${join(dir, 'eadb.tdb')}`],
    { stdio: 'pipe', timeout: 600_000 },
  );
  if (made.status !== 0) throw new Error(`samba-tool could not provision a domain: ${made.stderr.toString().slice(-500)}`);
  const config = join(dir, 'etc', 'smb.conf');
  const written = await readFile(config, 'utf8');
  const kept = written
    .split('\n')
    .filter((line) => !/^\s*(server services|interfaces|bind interfaces only|log file|logging)\s*=/.test(line));
  const added = [
    'server services = ldap',
    `interfaces = ${address}/8`,
    'bind interfaces only = yes',
    `pid directory = ${dir}`,
    `log file = ${join(dir, 'log')}`,
  ];
  await writeFile(config, kept.join('\n').replace('[global]', `[global]\n\t${added.join('\n\t')}`));
  const child: ChildProcess = spawn('samba', ['-i', '-M', 'single', '-s', config], { stdio: 'ignore' });
  await waitFor('samba listens', 120_000, async () => child.exitCode === null && (await listens(address, 636)));
  return {
    ...{ url: `ldaps://${address}:636`, plainUrl: `ldap://${address}:389`, serverName: 'DC1.nave.test', baseDn: 'DC=nave,DC=test' },
    ...{ admin: 'Administrator@nave.test', password, ca: await readFile(join(dir, 'private', 'tls', 'ca.pem'), 'utf8') },
    async stop() {
      const gone = new Promise((done) => child.once('exit', done));
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await gone;
      }
      await rm(dir, { recursive: true, force: true });
    },
  };
}
