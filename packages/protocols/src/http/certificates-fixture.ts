/** A certificate authority for tests, made with OpenSSL in a folder of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestCertificate {
  cert: string;
  key: string;
  certFile: string;
  keyFile: string;
}

export interface TestAuthority {
  dir: string;
  ca: string;
  caFile: string;
  /** @param names host names and addresses it is for, as OpenSSL writes them (`DNS:erp.example`) @param days negative: expired already */
  issue(name: string, names: string, days?: number, key?: TestCertificate): TestCertificate;
  remove(): void;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export function createAuthority(name = 'ca'): TestAuthority {
  const dir = mkdtempSync(join(tmpdir(), 'nave-ca-'));
  const path = (file: string): string => join(dir, file);
  openssl('req', '-x509', ...KEY, '-keyout', path('ca.key'), '-out', path('ca.pem'), '-subj', `/CN=${name}`, '-days', '30');
  return {
    dir,
    ca: readFileSync(path('ca.pem'), 'utf8'),
    caFile: path('ca.pem'),
    issue(title, names, days = 10, key) {
      const [keyFile, csr, certFile] = [key?.keyFile ?? path(`${title}.key`), path(`${title}.csr`), path(`${title}.pem`)];
      const source = key === undefined ? [...KEY, '-keyout', keyFile] : ['-new', '-key', keyFile];
      openssl('req', ...source, '-out', csr, '-subj', `/CN=${title}`);
      writeFileSync(path(`${title}.ext`), `subjectAltName=${names}\n`);
      const signer = ['-CA', path('ca.pem'), '-CAkey', path('ca.key'), '-CAcreateserial', '-days', String(days)];
      openssl('x509', '-req', '-in', csr, ...signer, '-extfile', path(`${title}.ext`), '-out', certFile);
      return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8'), certFile, keyFile };
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

function openssl(...words: string[]): void {
  const { status, stderr } = spawnSync('openssl', words, { encoding: 'utf8', timeout: 120_000 });
  if (status !== 0) throw new Error(`openssl ${words[0]}: ${stderr}`);
}
