/** Test support: a person, a disk and a hub that exist only in memory. */
import type { Io } from './io.ts';
import { run } from './run.ts';

export type Answer = { status?: number; body?: unknown; headers?: Record<string, string>; text?: string };

export interface Fake {
  /** `METHOD /path?query` to what the hub answers; a function sees the body, an array is answered in turn. */
  hub?: Record<string, Answer | Answer[] | ((body: unknown) => Answer)>;
  env?: Record<string, string>;
  files?: Record<string, string>;
  input?: string;
  /** What the person answers; without it nobody can be asked. */
  reply?: string;
  terminal?: boolean;
  colour?: boolean;
}

export interface Outcome {
  code: number;
  out: string;
  err: string;
  /** Calls the hub saw: `METHOD /path`, key, body text. */
  calls: { call: string; key: string | null; body: string }[];
}

const NOW = Date.parse('2026-11-21T10:00:00Z');

/** Runs one command line, words separated by spaces, against the fake. */
export async function nave(line: string | readonly string[], fake: Fake = {}): Promise<Outcome> {
  const outcome: Outcome = { code: -1, out: '', err: '', calls: [] };
  const turns = new Map<string, number>();
  let nowMs = NOW;
  const io: Io = {
    out: (text) => {
      outcome.out += `${text}\n`;
    },
    write: (data) => {
      outcome.out += typeof data === 'string' ? data : `<${data.length} bytes>`;
    },
    err: (text) => {
      outcome.err += `${text}\n`;
    },
    progress: () => {},
    colour: fake.colour ?? false,
    terminal: fake.terminal ?? false,
    interactive: fake.reply !== undefined,
    ask: async (question) => {
      outcome.err += `${question}\n`;
      return fake.reply ?? '';
    },
    env: (name) => fake.env?.[name],
    readFile: (path) => {
      const text = fake.files?.[path];
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return text;
    },
    readInput: async () => fake.input ?? '',
    interrupted: () => new AbortController().signal,
    now: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
    },
    fetch: async (input, init) => {
      const url = new URL(String(input));
      const call = `${init?.method ?? 'GET'} ${url.pathname}${decodeURIComponent(url.search)}`;
      const body = typeof init?.body === 'string' ? init.body : '';
      outcome.calls.push({ call, key: new Headers(init?.headers).get('authorization'), body });
      if (fake.hub === undefined)
        throw Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) });
      const given = fake.hub[call];
      const turn = turns.get(call) ?? 0;
      turns.set(call, turn + 1);
      const answer =
        typeof given === 'function' ? given(JSON.parse(body)) : Array.isArray(given) ? given[Math.min(turn, given.length - 1)] : given;
      const { status = 200, headers = {}, text, body: value } = answer ?? problem(404, 'resource.not-found', `no ${call} in this test`);
      return new Response(status === 204 ? null : (text ?? JSON.stringify(value)), { status, headers });
    },
  };
  outcome.code = await run(typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line, io);
  return outcome;
}

export function problem(status: number, code: string, detail: string, errors?: { path: string; message: string }[]): Answer {
  const body = { type: `urn:nave:problem:${code}`, title: 'T', status, detail, instance: '/', code, ...(errors ? { errors } : {}) };
  return { status, body, headers: { 'content-type': 'application/problem+json' } };
}

/** One page with everything. */
export function page(...items: object[]): Answer {
  return { body: { items, nextCursor: null } };
}
