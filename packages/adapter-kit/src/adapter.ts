/** The adapter contract: what a kind of system declares as data, and the connection it opens to deliver. */
import type { Clock, ExpressionEngine, Idempotency, Logger, Outcome, RawRequest, SpokePolicy, Verdict } from '@nave/core';
import type { Static, TSchema } from 'typebox';

export type SpokeFamily = 'protocol' | 'erp' | 'crm' | 'hr' | 'payments' | 'shop' | 'shipping' | 'messaging' | 'storage' | 'other';

/**
 * A kind: everything the hub knows about one sort of system. Forms, documents, validation, redaction and the contract suite derive from it.
 * Fields that hold secrets carry the annotation `secret: true` in their schema (see `secretString`).
 */
export interface Adapter<Config extends TSchema = TSchema, Credentials extends TSchema = TSchema> {
  kind: string;
  title: string;
  family: SpokeFamily;
  /** One sentence for the gallery. */
  summary: string;
  config: Config;
  credentials: Credentials;
  /** Operations every spoke of this kind has; empty when they come from the spoke's own config (then `operationsOf` gives them). */
  operations: readonly OperationDeclaration[];
  /** The operations of one configured spoke. Default: `operations`. */
  operationsOf?: (config: Static<Config>) => readonly OperationDeclaration[];
  /** Problems that a schema cannot express (a lookup that names no operation, an expression that does not compile): JSON Pointers below the spoke. */
  validate?: (
    config: Static<Config>,
    credentials: Static<Credentials>,
    context: ValidateContext,
  ) => readonly { path: string; message: string }[];
  /** Event types the system can send. */
  events: readonly EventDeclaration[];
  /** Events fetched from the system, by itself or as a back-stop for what its webhooks lose: of every spoke of the kind, or of one configured spoke. */
  polls?: readonly PollDeclaration[] | ((config: Static<Config>) => readonly PollDeclaration[]);
  /** Verification schemes that fit the system's webhooks, the recommended one first. */
  verify: readonly string[];
  /** Overrides of the hub's default policy within the system's published limits. */
  defaults: Partial<SpokePolicy>;
  /** Path of the kind's page below the documentation root. */
  docs: string;
  receive?: { verify: (request: RawRequest) => Verdict };
  /** Absent for kinds that only send to the hub. */
  deliver?: { open: (config: Static<Config>, context: AdapterContext<Static<Credentials>>) => SpokeConnection | Promise<SpokeConnection> };
}

export interface OperationDeclaration {
  name: string;
  title: string;
  summary?: string;
  /** JSON Schema of the input. */
  input: Readonly<Record<string, unknown>>;
  idempotent: Idempotency;
  /** Operation that finds out whether this one was done, and the one that takes it back. */
  lookup?: string;
  undo?: string;
  retryOn?: readonly number[];
  rejectOn?: readonly number[];
}

export interface EventDeclaration {
  type: string;
  summary: string;
}

/** Events that the hub fetches from a system at intervals. A spoke switches it on with `inbound.poll.<name>`. */
export interface PollDeclaration {
  /** As names of spokes are written. */
  name: string;
  title: string;
  /** Milliseconds between two turns where the spoke names none. */
  everyMs: number;
  /** What comes; for documents and suggestions. */
  eventTypes: readonly string[];
}

export interface ValidateContext {
  expressions: ExpressionEngine;
}

/** All that an adapter sees of the hub. */
export interface AdapterContext<Credentials> {
  spoke: string;
  /** Secrets in clear; never to be logged or put into an outcome. */
  credentials: Credentials;
  policy: SpokePolicy;
  logger: Logger;
  clock: Clock;
  expressions: ExpressionEngine;
  /** The only way out: guarded, bounded, pooled. */
  http: GuardedHttp;
  tokens: TokenCache;
  /** For kinds whose protocol is not HTTP: addresses behind the same guard. Absent only where a kind has no need of it (tests of HTTP kinds). */
  addresses?: GuardedAddresses;
}

/** Names turned into addresses that the guard allows. Implemented in `@nave/protocols`. */
export interface GuardedAddresses {
  /** Connect to one of the addresses given and to nothing else; a name used for TLS is the caller's. Never throws. */
  resolve(host: string, port: number, timeoutMs: number): Promise<ResolvedAddresses>;
}

export type ResolvedAddresses =
  | { ok: true; addresses: readonly string[] }
  /** `refused`: the guard; `unreachable`: the name has no address. */
  | { ok: false; failure: 'refused' | 'unreachable' | 'timeout'; detail: string };

/** An HTTP client behind the address guard, with caps on sizes and times. Implemented in `@nave/protocols`. */
export interface GuardedHttp {
  /**
   * One exchange. Never throws for what the other side does: failures are values with the facts an outcome needs.
   * @param signal ends the exchange; its abort is reported as `cancelled`
   */
  exchange(request: HttpExchangeRequest, signal: AbortSignal): Promise<HttpExchangeResult>;
  close(): Promise<void>;
}

export interface HttpExchangeRequest {
  method: string;
  /** Absolute; http or https only. */
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: Uint8Array | string | undefined;
  timeoutMs: number;
  /** Caps; defaults 10 MiB body (after decompression) and 32 KiB headers. */
  maxBodyBytes?: number;
  tls?: TlsOptions | undefined;
}

/** The same object means the same connections: make it once per spoke, not per request. */
export interface TlsOptions {
  /** PEM of the authorities to trust instead of the public ones. */
  ca?: string;
  /** With `ca`: trust the public authorities as well. */
  trustPublic?: boolean;
  /** PEM of the client certificate (and its chain) and its key. */
  cert?: string;
  key?: string;
  passphrase?: string;
  rejectUnauthorized?: boolean;
  servername?: string;
  /** `cert-sha256:<fingerprint>` or `spki-sha256:<fingerprint>`, hex or base64: the server's certificate must match one of them as well. */
  pins?: readonly string[];
}

export type HttpExchangeResult =
  | {
      ok: true;
      status: number;
      headers: Readonly<Record<string, string>>;
      body: Uint8Array;
      /** Each `Set-Cookie` on its own: joined they could not be told apart. Absent where there is none. */
      setCookies?: readonly string[];
    }
  | {
      ok: false;
      /** `refused`: the guard; `unreachable`: DNS, connect, TLS handshake, a connection cut before or in an answer; `oversized`/`malformed`: an answer that cannot be taken. */
      failure: 'refused' | 'unreachable' | 'timeout' | 'oversized' | 'malformed' | 'cancelled' | 'invalid-request';
      detail: string;
      /** Whether bytes of the request may have reached the other side. */
      sent: boolean;
      /** Known when the headers had arrived. */
      status: number | null;
    };

/**
 * Access tokens, one request per key at a time (single flight) over all workers of the hub, refreshed before expiry.
 * Anything that is expensive to get, short-lived and shared may be a token: a session's cookies as well.
 */
export interface TokenCache {
  /**
   * The token of this key, fetched when there is none or it is about to expire.
   * @param key everything that decides which token it is, secrets included; kept only as a keyed hash
   * @param fetchToken given what the last answer asked to `keep`, or null; bounded in time by itself
   */
  get(key: string, fetchToken: (kept?: string | null) => Promise<TokenAnswer>, options?: TokenOptions): Promise<TokenResult>;
  /** Forgets the token after a 401, unless it was already replaced: many deliveries meet the same 401, one refresh serves them all. */
  drop(key: string, token: string): void;
}

export interface TokenOptions {
  /**
   * Each fetch uses up what the last one asked to keep (a refresh token that rotates): what is new is committed before the token is used, and without a
   * database nothing is fetched (the outcome can be retried). False: without a database each process fetches for itself.
   */
  durable?: boolean;
}

/** What a token endpoint gave, or the outcome of the delivery that cannot go out without a token. `keep`: a secret for the next fetch. */
export type TokenAnswer = { ok: true; token: string; expiresInMs: number; keep?: string } | { ok: false; outcome: Outcome };
export type TokenResult = { ok: true; token: string } | { ok: false; outcome: Outcome };

export interface SpokeConnection {
  /**
   * One attempt. Answers with an outcome as a value; throws only for our own bugs. Never retries by itself (one refresh of an expired token excepted).
   * @param signal aborted on shutdown or when the delivery's time is up
   */
  send(request: SendRequest, signal: AbortSignal): Promise<Outcome>;
  /** A real round trip for the API's `check`. */
  probe(signal: AbortSignal): Promise<ProbeResult>;
  /**
   * One page of a poll the kind declares. Keeps nothing itself: where to go on is the cursor. The hub stores the items, then the cursor; after a crash in between
   * the same cursor comes again, and items with the same idempotency key are taken once. Never throws for what the system does, never retries by itself.
   * @param cursor opaque JSON text that an earlier page gave; null the first time: without items of the past, from now on
   * @param limit items wanted at most; a few more are taken too
   * @param from `start`: the first time, begin with the oldest the system still has
   */
  poll?(name: string, cursor: string | null, limit: number, signal: AbortSignal, from?: PollStart): Promise<PollPage>;
  close(): Promise<void>;
}

export type PollStart = 'now' | 'start';

export type PollPage =
  | {
      ok: true;
      /** In the order in which they happened. */
      items: readonly PolledItem[];
      /** Where the next page begins. */
      cursor: string;
      /** True when there is more at once; false: nothing before the next turn. */
      more: boolean;
    }
  | { ok: false; outcome: Outcome };

/** One event as it will be published by the spoke. */
export interface PolledItem {
  type: string;
  /** JSON. The same form as a webhook of the system has, so that routes need not know how an event came. */
  data: unknown;
  /** The same as the webhook of the same event has: whichever comes first is taken. */
  idempotencyKey: string;
  orderingKey?: string;
}

export interface SendRequest {
  deliveryId: string;
  messageId: string;
  /** From 1. */
  attempt: number;
  operation: string;
  input: OperationInput;
  /** W3C Trace Context header to pass on. */
  traceparent: string | null;
  timeoutMs: number;
}

/** The input of an operation: parsed for expressions, and as exact bytes when it is the message as it came. */
export interface OperationInput {
  data: unknown;
  /** Set when nothing mapped the message: integers beyond 2^53 and formatting survive only here. */
  raw: { bytes: Uint8Array; contentType: string } | null;
  /** `data` as JSON, where a mapping made it and it is at hand: who sends just that need not write it again. */
  json?: Uint8Array;
}

export interface ProbeResult {
  ok: boolean;
  detail: string;
  checks: readonly { name: string; ok: boolean; detail: string }[];
}
