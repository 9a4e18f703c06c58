/** A slapd of the suite's own (OpenLDAP), where one is installed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedCertificate } from '@nave/adapters/simulators';
import { freePort } from '@nave/testkit';
import { waitFor } from './wait-for.ts';

export const SLAPD_INSTALL = 'slapd is not installed (Debian: apt-get install slapd)';
const SLAPD = '/usr/sbin/slapd';

export interface SlapdServer {
  /** With StartTLS. */
  url: string;
  ldapsUrl: string;
  ca: string;
  suffix: string;
  admin: string;
  password: string;
  stop(): Promise<void>;
}

export function slapdInstalled(): boolean {
  return (
    existsSync(SLAPD) && existsSync('/etc/ldap/schema/core.schema') && spawnSync(SLAPD, ['-VV'], { stdio: 'ignore' }).error === undefined
  );
}

/** Its directory is empty: not even the suffix exists. */
export async function startSlapd(): Promise<SlapdServer> {
  const dir = await mkdtemp(join(tmpdir(), 'nave-slapd-'));
  const [port, tlsPort] = [await freePort(), await freePort()];
  const { cert, key } = selfSignedCertificate('localhost', Date.now());
  const [suffix, password] = ['dc=example,dc=test', 'slapd-SECRET-1'];
  const admin = `cn=admin,${suffix}`;
  await mkdir(join(dir, 'data'));
  await writeFile(join(dir, 'cert.pem'), cert);
  await writeFile(join(dir, 'key.pem'), key, { mode: 0o600 });
  const lines = [
    ...['core', 'cosine', 'inetorgperson', 'nis'].map((name) => `include /etc/ldap/schema/${name}.schema`),
    'modulepath /usr/lib/ldap',
    'moduleload back_mdb',
    `TLSCACertificateFile ${join(dir, 'cert.pem')}`,
    `TLSCertificateFile ${join(dir, 'cert.pem')}`,
    `TLSCertificateKeyFile ${join(dir, 'key.pem')}`,
    'database mdb',
    `suffix "${suffix}"`,
    `rootdn "${admin}"`,
    `rootpw ${password}`,
    `directory ${join(dir, 'data')}`,
    'index uid,employeeNumber eq',
  ];
  await writeFile(join(dir, 'slapd.conf'), `${lines.join('\n')}\n`);
  const urls = `ldap://127.0.0.1:${port}/ ldaps://127.0.0.1:${tlsPort}/`;
  const child: ChildProcess = spawn(SLAPD, ['-f', join(dir, 'slapd.conf'), '-h', urls, '-d', '0'], { stdio: 'ignore' });
  await waitFor('slapd listens', 60_000, async () => child.exitCode === null && (await listens('127.0.0.1', tlsPort)));
  return {
    ...{ suffix, admin, password, ca: cert, url: `ldap://localhost:${port}`, ldapsUrl: `ldaps://localhost:${tlsPort}` },
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

/** Whether somebody takes connections there. */
export function listens(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}
