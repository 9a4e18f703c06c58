import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** What loading the kinds may cost a hub that has no spokes: what every hub needs anyway, and small readers. Clients of vendors are loaded when a spoke is opened. */
const IDLE = ['ajv', 'ajv-formats', 'fast-xml-parser', 'ipaddr.js', 'jose', 'saxes', 'typebox', 'undici'];

describe('loading all kinds', () => {
  it('loads no client of a vendor; opening a spoke does', async () => {
    const program = fileURLToPath(new URL('./lazy-clients.fixture.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 120_000 });
    const { idle, opened }: { idle: string[]; opened: string[] } = JSON.parse(stdout);
    expect(idle.filter((name) => !IDLE.includes(name))).toEqual([]);
    expect(idle).toContain('typebox');
    expect(opened.sort()).toEqual(['graphql', 'graphql-request']);
  });
});
