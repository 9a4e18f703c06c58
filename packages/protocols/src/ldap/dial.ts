/** Opens a socket to a directory: address guard, TCP, then TLS or StartTLS. It is encrypted as asked for, or not there. */
import { isIP, type Socket, connect as tcpConnect } from 'node:net';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import type { GuardedAddresses } from '@nave/adapter-kit';
import { failureOfError } from '../http/failure-of-error.ts';
import { MalformedBer } from './ber.ts';
import type { Deadline } from './deadline.ts';
import { decodeMessage } from './decode-message.ts';
import { readDiagnostic } from './diagnostic.ts';
import type { EncodeRequest } from './encode-request.ts';
import { createFrameReader } from './frame-reader.ts';
import { failed, type LdapResult, refusedWith } from './ldap-failure.ts';
import type { LdapTarget } from './ldap-settings.ts';

export interface DialOptions {
  target: LdapTarget;
  addresses: GuardedAddresses;
  /** A client certificate (PEM). */
  certificate: { cert: string; key: string } | null;
  encode: EncodeRequest;
}

const CONNECT_TIMEOUT_MS = 10_000;
const ADDRESSES_MAX = 4;
const START_TLS = '1.3.6.1.4.1.1466.20037';
const START_TLS_ID = 1;
const ANSWER_BYTES_MAX = 64 * 1024;
const EXTENDED_ANSWER = 0x78;

/** The socket is the caller's to destroy. Whatever goes wrong before leaves none open. */
export async function dial(options: DialOptions, deadline: Deadline): Promise<LdapResult<Socket>> {
  const { target, addresses } = options;
  const resolved = await addresses.resolve(target.host, target.port, Math.min(CONNECT_TIMEOUT_MS, deadline.leftMs()));
  const ended = deadline.ended();
  if (ended !== null) return failed(ended, `no connection to ${place(target)} in time`);
  if (!resolved.ok) return failed(resolved.failure, resolved.detail);
  const tcp = await reach(resolved.addresses, target, deadline);
  if (!tcp.ok || target.security === 'plain') return tcp;
  if (target.security === 'starttls') {
    const agreed = await askForTls(tcp.value, options, deadline);
    if (!agreed.ok) {
      tcp.value.destroy();
      return agreed;
    }
  }
  return settle(upgrade(tcp.value, options), 'secureConnect', target, deadline);
}

/** The first of a name's addresses that takes the connection: a name may have one that nobody listens on (localhost has ::1). */
async function reach(addresses: readonly string[], target: LdapTarget, deadline: Deadline): Promise<LdapResult<Socket>> {
  let last: LdapResult<Socket> = failed('unreachable', `${target.host} has no address`);
  for (const address of addresses.slice(0, ADDRESSES_MAX)) {
    const socket = tcpConnect({ host: address, port: target.port, noDelay: true, keepAlive: true });
    last = await settle(socket, 'connect', target, deadline);
    if (last.ok || deadline.ended() !== null) return last;
  }
  return last;
}

function upgrade(socket: Socket, { target, certificate }: DialOptions): TLSSocket {
  const name = target.serverName ?? target.host;
  return tlsConnect({
    ...{ socket, host: name, minVersion: 'TLSv1.2', rejectUnauthorized: true },
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(target.ca === null ? {} : { ca: target.ca }),
    ...(certificate ?? {}),
  });
}

/** Waits for an event of a socket, or destroys it. */
function settle(socket: Socket, event: 'connect' | 'secureConnect', target: LdapTarget, deadline: Deadline): Promise<LdapResult<Socket>> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => end(failed('unreachable', `no connection to ${place(target)} within ${CONNECT_TIMEOUT_MS} ms`)),
      CONNECT_TIMEOUT_MS,
    );
    const forget = deadline.onEnd(() => end(failed(deadline.ended() ?? 'timeout', `no connection to ${place(target)} in time`)));
    const onReady = (): void => end({ ok: true, value: socket });
    const onClose = (): void => end(failed('unreachable', `${place(target)} closed the connection`));
    const onError = (error: unknown): void => {
      const { failure, detail } = failureOfError(error, {
        ...{ target: place(target), started: false, status: null, connectTimeoutMs: CONNECT_TIMEOUT_MS },
      });
      end(failed(failure === 'refused' ? 'refused' : 'unreachable', detail));
    };
    let done = false;
    function end(result: LdapResult<Socket>): void {
      if (done) return;
      done = true;
      clearTimeout(timer);
      forget();
      socket.off(event, onReady);
      socket.off('close', onClose);
      if (result.ok) socket.off('error', onError);
      // A late error of a socket that is given up must have a listener, or it ends the process.
      else socket.destroy();
      resolve(result);
    }
    socket.once(event, onReady);
    socket.once('close', onClose);
    socket.on('error', onError);
  });
}

/** RFC 4511 section 4.14. What arrives behind the answer was not sent under TLS: it ends the connection. */
function askForTls(socket: Socket, { target, encode }: DialOptions, deadline: Deadline): Promise<LdapResult<null>> {
  return new Promise((resolve) => {
    const frames = createFrameReader(ANSWER_BYTES_MAX);
    const forget = deadline.onEnd(() => end(failed(deadline.ended() ?? 'timeout', `${place(target)} did not answer StartTLS in time`)));
    const onGone = (): void => end(failed('unreachable', `${place(target)} closed the connection instead of starting TLS`));
    const onData = (chunk: Buffer): void => {
      try {
        const [first, ...more] = frames.push(chunk);
        if (first !== undefined)
          end(more.length > 0 || frames.pending() > 0 ? failed('malformed', 'bytes in clear after StartTLS') : verdict(first));
      } catch (error) {
        end(failed('malformed', `${place(target)} answered StartTLS with something that is not LDAP`));
        if (!(error instanceof MalformedBer)) socket.destroy();
      }
    };
    let done = false;
    function end(result: LdapResult<null>): void {
      if (done) return;
      done = true;
      forget();
      socket.off('data', onData);
      socket.off('close', onGone);
      socket.off('error', onGone);
      socket.pause();
      if (!result.ok) socket.on('error', () => undefined);
      resolve(result);
    }
    socket.on('data', onData);
    socket.once('close', onGone);
    socket.once('error', onGone);
    socket.write(encode(START_TLS_ID, { op: 'extended', oid: START_TLS, value: null }));
  });
}

/** @throws MalformedBer */
function verdict(frame: Buffer): LdapResult<null> {
  const { id, content } = decodeMessage(frame);
  if (id !== START_TLS_ID || content.kind !== 'answer' || content.answer.tag !== EXTENDED_ANSWER)
    throw new MalformedBer('not an answer to StartTLS');
  const { code, diagnostic } = content.answer;
  return code === 0 ? { ok: true, value: null } : refusedWith(code, readDiagnostic(diagnostic), 'StartTLS');
}

function place({ host, port }: LdapTarget): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
