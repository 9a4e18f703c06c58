/** No answer came: nobody listens, the name is unknown, or the time ran out. Whether the hub did something is not known. */
export class NotReachable extends Error {
  /** Origin that was called, without path and query. */
  readonly url: string;

  constructor(url: string, reason: string, cause?: unknown) {
    super(`${url}: ${reason}`, { cause });
    this.name = 'NotReachable';
    this.url = url;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be looked up now',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
};

/** Why `fetch` failed, in words; the codes are those of Node's sockets and of undici. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return REASONS[code] ?? (code !== '' ? code : cause instanceof Error ? cause.message : 'the call failed');
}
