/** The connections of one spoke: bound, bounded in number, closed when idle, opened anew after a loss. */
import type { GuardedAddresses } from '@nave/adapter-kit';
import { bindRefusal } from './bind-refusals.ts';
import { createDeadline, type Deadline } from './deadline.ts';
import { dial } from './dial.ts';
import { loadEncoder } from './encode-request.ts';
import { failed, type LdapResult } from './ldap-failure.ts';
import type { LdapCredentials, LdapTarget } from './ldap-settings.ts';
import { createSession, type LdapSession } from './session.ts';

export interface LdapPoolOptions {
  target: LdapTarget;
  credentials: LdapCredentials;
  addresses: GuardedAddresses;
  /** Connections at the same time; more callers wait. */
  connections: number;
}

/** What a caller gets of a connection for the time of its work. */
export interface LeasedSession {
  session: LdapSession;
  deadline: Deadline;
}

/** `sent`: whether a request other than the bind had left when it ended. */
export type PoolResult<T> = LdapResult<T> & { sent: boolean };

export interface LdapPool {
  /** Runs work on a connection that nobody else uses meanwhile. Never throws for what the other side does. */
  use<T>(
    limits: { timeoutMs: number; signal: AbortSignal },
    work: (leased: LeasedSession) => Promise<LdapResult<T>>,
  ): Promise<PoolResult<T>>;
  /** Connections that are open now. */
  size(): number;
  close(): void;
}

interface Held {
  session: LdapSession;
  idle: NodeJS.Timeout | null;
}

/** An idle connection keeps no process alive, even when it was forgotten. */
export function createLdapPool({ target, credentials, addresses, connections }: LdapPoolOptions): LdapPool {
  const place = `${target.host}:${target.port}`;
  const idle: Held[] = [];
  const open = new Set<LdapSession>();
  const waiting: (() => void)[] = [];
  let taken = 0;
  let closed = false;

  async function openSession(deadline: Deadline): Promise<LdapResult<LdapSession>> {
    const encode = await loadEncoder();
    const certificate = credentials.type === 'certificate' ? { cert: credentials.certificate, key: credentials.key } : null;
    const dialed = await dial({ target, addresses, certificate, encode }, deadline);
    if (!dialed.ok) return dialed;
    const session = createSession(dialed.value, encode, place);
    if (closed) {
      session.close();
      return failed('cancelled', 'the spoke was closed');
    }
    open.add(session);
    session.onGone(() => {
      open.delete(session);
      const at = idle.findIndex((held) => held.session === session);
      if (at !== -1) clearTimeout(idle.splice(at, 1)[0]?.idle ?? undefined);
    });
    const bound = await bind(session, deadline);
    if (bound.ok) return { ok: true, value: session };
    session.close();
    return bound;
  }

  async function bind(session: LdapSession, deadline: Deadline): Promise<LdapResult<null>> {
    if (credentials.type === 'none') return { ok: true, value: null };
    const { user, password } = credentials.type === 'simple' ? credentials : { user: '', password: '' };
    const asked = await session.call(credentials.type === 'simple' ? { op: 'bind', user, password } : { op: 'bindExternal' }, deadline);
    if (asked.ok) return { ok: true, value: null };
    const { failure } = asked;
    if (failure.kind !== 'result') return asked;
    const words = bindRefusal(failure.diagnostic.data);
    return { ok: false, failure: { ...failure, kind: 'bind', detail: `${failure.detail}${words === null ? '' : `: ${words}`}` } };
  }

  /** A turn: at most `connections` callers have one. */
  function turn(deadline: Deadline): Promise<boolean> {
    if (taken < connections) {
      taken++;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const go = (): void => {
        forget();
        resolve(true);
      };
      waiting.push(go);
      const forget = deadline.onEnd(() => {
        const at = waiting.indexOf(go);
        if (at !== -1) waiting.splice(at, 1);
        resolve(false);
      });
    });
  }

  function giveBack(session: LdapSession | null): void {
    if (session?.alive === true && !closed) {
      const timer = setTimeout(() => session.close(), target.idleMs);
      timer.unref();
      session.rest();
      idle.push({ session, idle: timer });
    } else session?.close();
    const next = waiting.shift();
    if (next === undefined) taken--;
    else next();
  }

  function takeIdle(): LdapSession | null {
    const held = idle.pop();
    if (held === undefined) return null;
    clearTimeout(held.idle ?? undefined);
    return held.session;
  }

  return {
    async use(limits, work) {
      const deadline = createDeadline(limits.timeoutMs, limits.signal);
      try {
        if (closed || limits.signal.aborted) return { ...failed('cancelled', 'the hub gave up before anything was sent'), sent: false };
        if (!(await turn(deadline)))
          return { ...failed(deadline.ended() ?? 'timeout', `no connection to ${place} became free in time`), sent: false };
        let session: LdapSession | null = null;
        try {
          session = takeIdle();
          if (session === null) {
            const opened = await openSession(deadline);
            if (!opened.ok) return { ...opened, sent: false };
            session = opened.value;
          }
          session.lease();
          return { ...(await work({ session, deadline })), sent: session.sent };
        } finally {
          giveBack(session);
        }
      } finally {
        deadline.dispose();
      }
    },
    size: () => open.size,
    close() {
      closed = true;
      for (const held of idle.splice(0)) clearTimeout(held.idle ?? undefined);
      for (const session of [...open]) session.close();
    },
  };
}
