import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LdapSimulator, startLdapSimulator } from './simulator/index.ts';

const FIXTURE = fileURLToPath(new URL('./forgotten-connection.fixture.ts', import.meta.url));

describe('a process that used a directory', () => {
  let simulator: LdapSimulator;
  beforeEach(async () => {
    simulator = await startLdapSimulator();
  });
  afterEach(() => simulator.close());

  function run(ending: string): Promise<{ code: number | null; said: string }> {
    return new Promise((done, fail) => {
      const child = spawn(process.execPath, [FIXTURE, simulator.url, Buffer.from(simulator.ca).toString('base64'), ending], {
        stdio: ['ignore', 'pipe', 'inherit'],
        timeout: 90_000,
      });
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
      });
      child.once('error', fail);
      child.once('close', (code) => done({ code, said }));
    });
  }

  it('ends when it closed its connection', async () => {
    expect(await run('close')).toEqual({ code: 0, said: 'ok' });
  });

  it('ends when it forgot to', async () => {
    expect(await run('forget')).toEqual({ code: 0, said: 'ok' });
  });

  it('ends when a request was never answered', async () => {
    simulator.fail({ kind: 'hang' });
    expect(await run('timeout')).toEqual({ code: 0, said: 'timeout' });
  });
});
