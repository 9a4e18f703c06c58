/** One connection to a directory: a request at a time, each with an end. It is either known to be in step with the server or destroyed. */
import type { Socket } from 'node:net';
import { MalformedBer } from './ber.ts';
import type { Deadline } from './deadline.ts';
import { decodeMessage, type LdapAnswer, type LdapEntry, type LdapMessage } from './decode-message.ts';
import { readDiagnostic } from './diagnostic.ts';
import { ANSWER_TAGS, type EncodeRequest, type LdapRequest } from './encode-request.ts';
import { createFrameReader, OversizedFrame } from './frame-reader.ts';
import { failed, type LdapFailure, type LdapResult, refusedWith } from './ldap-failure.ts';
import { LDAP } from './result-codes.ts';

export interface LdapReply {
  answer: LdapAnswer;
  entries: readonly LdapEntry[];
  /** The server has the rest of an answer elsewhere: how often it said so. */
  references: number;
  controls: LdapMessage['controls'];
}

export interface LdapSession {
  readonly alive: boolean;
  /** Whether a request other than a bind has left since the last `lease`. */
  readonly sent: boolean;
  lease(): void;
  /** Not in use: it keeps no process alive until the next `lease`. */
  rest(): void;
  /** Answers with the server's reply whatever its code; a failure when there is none. The end of the deadline destroys the session. */
  ask(request: Exclude<LdapRequest, { op: 'unbind' }>, deadline: Deadline): Promise<LdapResult<LdapReply>>;
  /** As `ask`; any code but those wanted is a failure. */
  call(request: Exclude<LdapRequest, { op: 'unbind' }>, deadline: Deadline, wanted?: readonly number[]): Promise<LdapResult<LdapReply>>;
  /** Says goodbye and closes; never throws. */
  close(): void;
  onGone(listener: () => void): void;
}

const LDAP_ANSWER_BYTES_MAX = 10 * 1024 * 1024;
export const LDAP_ENTRIES_MAX = 10_000;
const STRAY_MAX = 100;
const FIRST_ID = 2;
const ID_MAX = 2_000_000_000;
const GOODBYE_MS = 500;

interface Pending {
  id: number;
  tag: number;
  entries: LdapEntry[];
  references: number;
  bytes: number;
  end: (result: LdapResult<LdapReply>) => void;
}

/** @param socket connected, encrypted if it has to be; belongs to the session from now on */
export function createSession(socket: Socket, encode: EncodeRequest, place: string): LdapSession {
  const frames = createFrameReader(LDAP_ANSWER_BYTES_MAX);
  const goneListeners: (() => void)[] = [];
  let pending: Pending | null = null;
  let nextId = FIRST_ID;
  let stray = 0;
  let alive = true;
  let sent = false;

  function lose(kind: LdapFailure['kind'] & ('unreachable' | 'malformed' | 'oversized' | 'timeout' | 'cancelled'), detail: string): void {
    const wasAlive = alive;
    alive = false;
    socket.destroy();
    const waiting = pending;
    pending = null;
    waiting?.end(failed(kind, detail));
    if (wasAlive) for (const listener of goneListeners) listener();
  }

  function take(message: LdapMessage, bytes: number): void {
    // Id 0 is the server's own word, a notice of disconnection (RFC 4511 section 4.4.1): the close follows.
    if (pending === null || message.id !== pending.id) {
      stray++;
      if (stray > STRAY_MAX) lose('malformed', `${place} keeps answering what was not asked`);
      return;
    }
    pending.bytes += bytes;
    if (pending.bytes > LDAP_ANSWER_BYTES_MAX || pending.entries.length > LDAP_ENTRIES_MAX) {
      lose('oversized', `the answer of ${place} is too large`);
      return;
    }
    const { content } = message;
    if (content.kind === 'entry') pending.entries.push(content.entry);
    else if (content.kind === 'reference') pending.references++;
    else if (content.kind === 'answer') {
      const { entries, references, tag, end } = pending;
      if (content.answer.tag !== tag) {
        lose('malformed', `${place} answered another kind of request`);
        return;
      }
      pending = null;
      end({ ok: true, value: { answer: content.answer, entries, references, controls: message.controls } });
    }
  }

  socket.on('data', (chunk: Buffer) => {
    if (!alive) return;
    try {
      for (const frame of frames.push(chunk)) take(decodeMessage(frame), frame.length);
    } catch (error) {
      if (error instanceof OversizedFrame) lose('oversized', `the answer of ${place} is too large`);
      else if (error instanceof MalformedBer) lose('malformed', `${place} answered with something that is not LDAP`);
      else throw error;
    }
  });
  socket.on('error', () => lose('unreachable', `the connection to ${place} broke`));
  socket.on('close', () =>
    lose(
      'unreachable',
      frames.pending() > 0
        ? `${place} closed the connection in the middle of its answer`
        : `${place} closed the connection without an answer`,
    ),
  );
  socket.on('end', () => lose('unreachable', `${place} closed the connection`));
  socket.resume();

  async function ask(request: Exclude<LdapRequest, { op: 'unbind' }>, deadline: Deadline): Promise<LdapResult<LdapReply>> {
    const ended = deadline.ended();
    if (ended !== null) return failed(ended, `no time is left to ask ${place}`);
    if (!alive) return failed('unreachable', `the connection to ${place} was lost`);
    if (pending !== null) throw new Error('a session takes one request at a time');
    const id = nextId;
    nextId = nextId >= ID_MAX ? FIRST_ID : nextId + 1;
    const bytes = encode(id, request);
    let forget = (): void => undefined;
    const result = await new Promise<LdapResult<LdapReply>>((end) => {
      pending = { id, tag: ANSWER_TAGS[request.op], entries: [], references: 0, bytes: 0, end };
      if (request.op !== 'bind' && request.op !== 'bindExternal') sent = true;
      socket.write(bytes);
      forget = deadline.onEnd(() => {
        const why = deadline.ended() ?? 'timeout';
        lose(why, why === 'timeout' ? `${place} did not answer in time` : 'the hub gave up waiting for an answer');
      });
    });
    forget();
    return result;
  }

  return {
    get alive() {
      return alive;
    },
    get sent() {
      return sent;
    },
    lease() {
      sent = false;
      socket.ref();
    },
    rest() {
      socket.unref();
    },
    ask,
    async call(request, deadline, wanted = [LDAP.success]) {
      const asked = await ask(request, deadline);
      if (!asked.ok || wanted.includes(asked.value.answer.code)) return asked;
      const { code, diagnostic } = asked.value.answer;
      return refusedWith(code, readDiagnostic(diagnostic), request.op);
    },
    close() {
      if (!alive) return;
      alive = false;
      const waiting = pending;
      pending = null;
      waiting?.end(failed('cancelled', 'the connection was closed'));
      socket.on('error', () => undefined);
      // The goodbye may not hold the close up: whoever does not read it is cut off all the same.
      socket.end(encode(nextId, { op: 'unbind' }), () => socket.destroy());
      setTimeout(() => socket.destroy(), GOODBYE_MS).unref();
      for (const listener of goneListeners) listener();
    },
    onGone(listener) {
      goneListeners.push(listener);
    },
  };
}
