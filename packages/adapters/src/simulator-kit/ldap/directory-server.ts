/** A small LDAP server for simulated directories: LDAPS or plain with StartTLS, paged results, ranges of long attributes, and misbehaviour on demand. */
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { childrenOf, createFrameReader, integer, integerOf, type LdapAttribute, readTlv, tlv } from '@nave/protocols';
import { answerWithFault, type DirectoryFault } from './directory-faults.ts';
import type { Caller, MemoryDirectory, Refusal, StoredEntry } from './memory-directory.ts';
import { type DirectoryMessage, type DirectoryRequest, readRequest } from './read-request.ts';

export interface DirectoryServerOptions {
  directory: MemoryDirectory;
  bind: (user: string, password: string, caller: Caller) => Refusal | null;
  /** Of the entry without a name. */
  root: () => readonly LdapAttribute[];
  tls: { cert: string; key: string };
  /** TLS from the first byte. */
  ldaps: boolean;
  port: number;
  /** Values of one attribute in one answer; more come by range. Default without end. */
  valuesMax?: number;
  /** Refuses before anything is looked at. */
  authorize?: (request: DirectoryRequest, caller: Caller) => Refusal | null;
  /** Handles extended operations other than StartTLS. */
  extended?: (oid: string, value: Buffer, caller: Caller) => Refusal | null;
}

export interface DirectorySimulator {
  /** `ldaps://localhost:<port>` or `ldap://localhost:<port>`. */
  readonly url: string;
  /** PEM to trust. */
  readonly ca: string;
  readonly directory: MemoryDirectory;
  /** The last requests other than binds, oldest first. */
  requests(): readonly DirectoryRequest[];
  binds(): number;
  connections(): number;
  /** Misbehaves from now on, for `times` requests or until `heal`. `on` picks the requests; default all but binds. */
  fail(fault: DirectoryFault, options?: { times?: number; on?: (request: DirectoryRequest) => boolean }): void;
  heal(): void;
  /** Ends every connection, as a server does that restarts. */
  dropConnections(): void;
  close(): Promise<void>;
}

const START_TLS = '1.3.6.1.4.1.1466.20037';
const PAGED = '1.2.840.113556.1.4.319';
const SHOW_DELETED = '1.2.840.113556.1.4.417';
const REQUESTS_MAX = 1_000;
const FRAME_BYTES_MAX = 20 * 1024 * 1024;
const ANSWER = { bind: 0x61, search: 0x65, modify: 0x67, add: 0x69, delete: 0x6b, modifyDn: 0x6d, compare: 0x6f, extended: 0x78 } as const;
const DONE: Refusal = { code: 0, diagnostic: '' };

/** Starts on 127.0.0.1. */
export async function startDirectoryServer(options: DirectoryServerOptions): Promise<DirectorySimulator> {
  const { directory, tls } = options;
  const seen: DirectoryRequest[] = [];
  const sockets = new Set<Socket>();
  let bindCount = 0;
  let fault: { fault: DirectoryFault; on: (request: DirectoryRequest) => boolean; left: number } | null = null;

  function serve(socket: Socket, secure: boolean): void {
    const caller: Caller = { secure, user: '' };
    const pages = new Map<string, readonly StoredEntry[]>();
    const frames = createFrameReader(FRAME_BYTES_MAX);
    const onData = (chunk: Buffer): void => {
      try {
        for (const frame of frames.push(chunk)) handle(readRequest(frame));
      } catch {
        socket.destroy();
      }
    };

    function handle(message: DirectoryMessage): void {
      const { id, request } = message;
      if (request.op === 'unbind') {
        socket.end();
        return;
      }
      if (request.op === 'abandon') return;
      if (request.op === 'bind') bindCount++;
      else {
        seen.push(request);
        if (seen.length > REQUESTS_MAX) seen.shift();
      }
      const active = fault !== null && fault.left > 0 && fault.on(request) ? fault : null;
      if (active !== null) {
        active.left--;
        misbehave(message, active.fault);
      } else if (request.op === 'extended' && request.oid === START_TLS) startTls(id);
      else for (const part of act(message)) socket.write(part);
    }

    function misbehave(message: DirectoryMessage, kind: DirectoryFault): void {
      const { id, request } = message;
      if (kind.kind === 'result') {
        socket.write(result(id, request.op, { code: kind.code, diagnostic: kind.diagnostic ?? '' }));
        return;
      }
      if ((kind.kind === 'hang' || kind.kind === 'reset') && kind.applied === true) act(message);
      answerWithFault(socket, id, kind);
    }

    function startTls(id: number): void {
      socket.off('data', onData);
      socket.write(result(id, 'extended', DONE));
      const secured = new TLSSocket(socket, { isServer: true, cert: tls.cert, key: tls.key });
      secured.on('error', () => socket.destroy());
      serve(secured, true);
    }

    function act({ id, request, controls }: DirectoryMessage): Buffer[] {
      const denied = request.op === 'bind' ? null : (options.authorize?.(request, caller) ?? null);
      if (denied !== null) return [result(id, request.op, denied)];
      switch (request.op) {
        case 'bind': {
          const refusal = options.bind(request.user, request.password, caller);
          if (refusal === null) caller.user = request.user;
          return [result(id, 'bind', refusal ?? DONE)];
        }
        case 'search':
          return search(id, request, controls);
        case 'add':
          return [result(id, 'add', directory.add(request.dn, request.attributes, caller) ?? DONE)];
        case 'modify':
          return [result(id, 'modify', directory.modify(request.dn, request.changes, caller) ?? DONE)];
        case 'modifyDn':
          return [result(id, 'modifyDn', directory.modifyDn(request.dn, request.newRdn, request.newSuperior) ?? DONE)];
        case 'delete':
          return [result(id, 'delete', directory.remove(request.dn) ?? DONE)];
        case 'compare': {
          const entry = directory.find(request.dn);
          if (entry === undefined) return [result(id, 'compare', { code: 32, diagnostic: '' })];
          const attribute = directory.view(entry).find(({ name }) => name.toLowerCase() === request.attribute.toLowerCase());
          const equal = attribute?.values.some((value) => value.equals(request.value)) === true;
          return [result(id, 'compare', { code: equal ? 6 : 5, diagnostic: '' })];
        }
        case 'extended':
          return [result(id, 'extended', options.extended?.(request.oid, request.value, caller) ?? { code: 2, diagnostic: 'unsupported' })];
        default:
          return [];
      }
    }

    function search(id: number, request: Extract<DirectoryRequest, { op: 'search' }>, controls: DirectoryMessage['controls']): Buffer[] {
      if (request.base === '' && request.scope === 0)
        return [entryMessage(id, '', select(options.root(), request.attributes)), result(id, 'search', DONE)];
      const paging = controls.get(PAGED);
      const [size, cookie] = paging === undefined ? [] : childrenOf(readTlv(paging, 0).value);
      const known = cookie === undefined ? undefined : pages.get(cookie.value.toString('latin1'));
      const found = known ?? directory.search(request.base, request.scope, request.filter);
      if (!Array.isArray(found)) return [result(id, 'search', 'code' in found ? found : DONE)];
      const deleted = controls.has(SHOW_DELETED);
      const visible: StoredEntry[] = known === undefined ? found.filter((entry) => deleted || !entry.attributes.has('isdeleted')) : found;
      const count = size === undefined ? visible.length : integerOf(size.value);
      const shown = visible.slice(0, count);
      const messages = shown.map((entry) => entryMessage(id, entry.dn, select(directory.view(entry), request.attributes)));
      if (paging === undefined) return [...messages, result(id, 'search', DONE)];
      const rest = visible.slice(count);
      const next = rest.length === 0 ? '' : `page-${pages.size + 1}`;
      if (next !== '') pages.set(next, rest);
      const control = tlv(0x30, tlv(0x04, PAGED), tlv(0x04, tlv(0x30, integer(0), tlv(0x04, Buffer.from(next, 'latin1')))));
      return [...messages, result(id, 'search', DONE, tlv(0xa0, control))];
    }

    socket.on('data', onData);
  }

  function select(attributes: readonly LdapAttribute[], wanted: readonly string[]): LdapAttribute[] {
    if (wanted.includes('1.1')) return [];
    const names = wanted.map((name) => name.toLowerCase());
    const everything = names.length === 0 || names.includes('*');
    const max = options.valuesMax ?? Number.POSITIVE_INFINITY;
    return attributes.flatMap((attribute): LdapAttribute[] => {
      const name = attribute.name.toLowerCase();
      const ranged = names.map((each) => /^(.+);range=(\d+)-(\d+|\*)$/.exec(each)).find((match) => match?.[1] === name);
      if (ranged === undefined || ranged === null) {
        if (!everything && !names.includes(name)) return [];
        if (attribute.values.length <= max) return [attribute];
        return [{ name: `${attribute.name};range=0-${max - 1}`, values: attribute.values.slice(0, max) }];
      }
      const from = Number(ranged[2]);
      const values = attribute.values.slice(from, from + max);
      const last = from + values.length >= attribute.values.length;
      return [{ name: `${attribute.name};range=${from}-${last ? '*' : from + values.length - 1}`, values }];
    });
  }

  function accept(socket: Socket, secure: boolean): void {
    // An answer of several parts would otherwise wait for the acknowledgement of its first.
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    serve(socket, secure);
  }
  const server = options.ldaps
    ? createTlsServer({ cert: tls.cert, key: tls.key }, (socket) => accept(socket, true))
    : createServer((socket) => accept(socket, false));
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the simulator does not listen');

  const dropConnections = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `${options.ldaps ? 'ldaps' : 'ldap'}://localhost:${address.port}`,
    ca: tls.cert,
    directory,
    requests: () => seen,
    binds: () => bindCount,
    connections: () => sockets.size,
    fail(next, { times = Number.POSITIVE_INFINITY, on = (request: DirectoryRequest) => request.op !== 'bind' } = {}) {
      fault = { fault: next, on, left: times };
    },
    heal() {
      fault = null;
    },
    dropConnections,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      dropConnections();
      await closed;
    },
  };
}

function entryMessage(id: number, dn: string, attributes: readonly LdapAttribute[]): Buffer {
  const listed = attributes.map(({ name, values }) => tlv(0x30, tlv(0x04, name), tlv(0x31, ...values.map((value) => tlv(0x04, value)))));
  return tlv(0x30, integer(id), tlv(0x64, tlv(0x04, dn), tlv(0x30, ...listed)));
}

function result(id: number, op: DirectoryRequest['op'], { code, diagnostic }: Refusal, ...controls: readonly Buffer[]): Buffer {
  const tag = op === 'unbind' || op === 'abandon' ? ANSWER.extended : ANSWER[op];
  return tlv(0x30, integer(id), tlv(tag, integer(code, 0x0a), tlv(0x04, ''), tlv(0x04, diagnostic)), ...controls);
}
