/** An nginx of a test's own: TLS servers on free ports that answer with what they know of the caller. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@nave/testkit';
import type { TestCertificate } from './certificates-fixture.ts';

export interface NginxServer {
  certificate: TestCertificate;
  /** PEM file of the authority whose client certificates are demanded. */
  clientCa?: string;
}

export interface Nginx {
  /** In the order of the servers. */
  ports: readonly number[];
  /** Puts another certificate in the place of a server's, as a renewal does. */
  replace(index: number, certificate: TestCertificate): Promise<void>;
  stop(): Promise<void>;
}

export async function startNginx(servers: readonly NginxServer[]): Promise<Nginx> {
  const dir = mkdtempSync(join(tmpdir(), 'nave-nginx-'));
  mkdirSync(join(dir, 'temp'));
  const ports = await Promise.all(servers.map(() => freePort()));
  const current = [...servers];
  let child = await start();

  async function start() {
    writeFileSync(join(dir, 'nginx.conf'), configuration(dir, ports, current));
    const started = spawn('nginx', ['-p', dir, '-c', join(dir, 'nginx.conf'), '-e', 'stderr'], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    started.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    for (let tries = 0; !(await listens(ports[0] ?? 0)); tries += 1) {
      if (tries > 100 || started.exitCode !== null) throw new Error(`nginx does not listen: ${said}`);
      await new Promise((done) => setTimeout(done, 50));
    }
    return started;
  }

  async function end(): Promise<void> {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }

  return {
    ports,
    async replace(index, certificate) {
      const server = current[index];
      if (server !== undefined) current[index] = { ...server, certificate };
      await end();
      child = await start();
    },
    async stop() {
      await end();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function configuration(dir: string, ports: readonly number[], servers: readonly NginxServer[]): string {
  const blocks = servers.map(({ certificate, clientCa }, index) => {
    const verify = clientCa === undefined ? '' : `ssl_verify_client on; ssl_client_certificate ${clientCa};`;
    return `server { listen 127.0.0.1:${ports[index]} ssl; ssl_certificate ${certificate.certFile}; ssl_certificate_key ${certificate.keyFile}; ${verify}
      location / { default_type text/plain; return 200 "$ssl_client_verify $ssl_client_s_dn $ssl_server_name"; } }`;
  });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${dir}/temp/${name};`);
  return `daemon off; pid ${dir}/nginx.pid; worker_processes 1; events { worker_connections 64; }
    http { access_log off; ${temporary.join(' ')} ssl_protocols TLSv1.2 TLSv1.3; ${blocks.join('\n')} }\n`;
}

function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: '127.0.0.1', port }, () => done(true));
    socket.once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}
