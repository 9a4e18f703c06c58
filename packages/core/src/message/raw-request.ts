/** An inbound call exactly as it came: the only form in which signatures are checked. */
export interface RawRequest {
  /** Upper case. */
  method: string;
  /** Path and query as received, e.g. `/hooks/shop?x=1`. */
  target: string;
  /** The URL as the sender saw it: `NAVE_PUBLIC_URL` + target; never built from `Host`. */
  publicUrl: string;
  /** Lower-case names; repeated headers joined with `, `. */
  headers: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  /** Exact bytes after transfer decoding and content decoding (gzip, deflate, br). */
  body: Uint8Array;
  /** The peer, or the client behind a trusted proxy. */
  remoteAddress: string;
  clientCertificate?: ClientCertificate | undefined;
  /** What a SOAP envelope says of its caller (WS-Security); absent where there is no envelope or no token in it. */
  usernameToken?: UsernameTokenClaim | undefined;
}

/** A UsernameToken as it was sent (UsernameToken Profile 1.0, section 3.1); nothing of it is checked yet. */
export interface UsernameTokenClaim {
  username: string;
  /** The password itself, or its digest in base64. */
  password: string;
  passwordType: 'text' | 'digest';
  /** Decoded; null without one. */
  nonce: Uint8Array | null;
  /** As written: the digest covers these characters. */
  created: string | null;
  /** Of the header's own `Timestamp`. */
  expires: string | null;
}

/** What mutual TLS says about the caller; only set when the chain was verified. */
export interface ClientCertificate {
  subjectCommonName: string;
  /** Lower-case hex without colons. */
  fingerprint256: string;
  subjectAltNames: readonly string[];
}

/** What a verification scheme says of a request. */
export type Verdict = AcceptedVerdict | RefusedVerdict;

export interface RefusedVerdict {
  ok: false;
  reason: string;
  /** True when nothing is known against the request: what would decide cannot be reached now, and the sender should try again. */
  unavailable?: true;
}

export interface AcceptedVerdict {
  ok: true;
  /** The id the signature covers: in a header, or the dotted field of the parsed body where the scheme keeps it. */
  signedId?: string | { bodyField: string | readonly string[] };
  /** A delivery id the sender gives but does not sign. */
  deliveryId?: string;
  /** The event type as the scheme carries it, when it does. */
  eventType?: string | { bodyField: string };
  /** True where the delivery id is not signed: SHA-256 of the signed bytes is remembered as well. */
  rememberDigest?: boolean;
  /** True for schemes that authenticate without signing the body; the caller's `Idempotency-Key` then counts. */
  callerIdempotencyKey?: boolean;
  /** A handshake that is answered and not stored (Slack `url_verification`, WooCommerce's ping). */
  handshake?: HandshakeAnswer;
}

export interface HandshakeAnswer {
  status: number;
  contentType: string;
  body: string;
}
