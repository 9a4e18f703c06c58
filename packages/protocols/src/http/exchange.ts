/** One HTTP exchange on an undici dispatcher: the handler that collects the answer and knows at every moment how far it has come. */
import type { HttpExchangeResult } from '@nave/adapter-kit';
import type { Dispatcher } from 'undici';
import { decodeContent } from './decode-content.ts';
import { failureOfError, type HttpFailure } from './failure-of-error.ts';
import { type PinMismatch, PinMismatchError } from './pinned-certificate.ts';

export interface ExchangeLimits {
  /** `host:port`, for texts. */
  target: string;
  timeoutMs: number;
  connectTimeoutMs: number;
  maxBodyBytes: number;
  onPinMismatch?: ((mismatch: PinMismatch) => void) | undefined;
}

/**
 * Collects one answer. `dispatch` is used instead of `request`: it says when the request was given to a connected socket, which is what
 * `sent` means, and it costs no stream per answer.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly result: Promise<HttpExchangeResult>;
  readonly #limits: ExchangeLimits;
  readonly #signal: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  #settle: (result: HttpExchangeResult) => void = () => {};
  #settled = false;
  #controller: Dispatcher.DispatchController | null = null;
  #status: number | null = null;
  #headers: Record<string, string> = {};
  #setCookies: readonly string[] | null = null;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(limits: ExchangeLimits, signal: AbortSignal) {
    this.#limits = limits;
    this.#signal = signal;
    this.result = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#timer = setTimeout(this.#onTimeout, limits.timeoutMs);
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while it waited for a connection: nothing was written yet and nothing will be.
    if (this.#settled) controller.abort(new Error('given up'));
    else this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    const collected: Record<string, string> = {};
    for (const name of Object.keys(headers)) {
      const value = headers[name];
      if (value !== undefined && name !== '__proto__') collected[name] = typeof value === 'string' ? value : value.join(', ');
    }
    this.#headers = collected;
    const cookies = headers['set-cookie'];
    if (cookies !== undefined) this.#setCookies = typeof cookies === 'string' ? [cookies] : cookies;
    if (Number(collected['content-length']) > this.#limits.maxBodyBytes) this.#refuse(this.#oversized());
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.byteLength;
    if (this.#bytes > this.#limits.maxBodyBytes) this.#refuse(this.#oversized());
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const status = this.#status;
    if (this.#settled || status === null) return;
    const [first] = this.#chunks;
    const body = first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks, this.#bytes);
    const encoding = this.#headers['content-encoding'];
    if (encoding === undefined) {
      this.#finish(this.#answer(status, body));
      return;
    }
    void decodeContent(body, encoding, this.#limits.maxBodyBytes).then((decoded) => {
      if (decoded.ok) this.#finish(this.#answer(status, decoded.body));
      else this.#finish({ ok: false, failure: decoded.failure, detail: decoded.detail, sent: true, status });
    });
  }

  onResponseError(_controller: unknown, error: Error): void {
    const { target, connectTimeoutMs } = this.#limits;
    if (error instanceof PinMismatchError) this.#limits.onPinMismatch?.(error.mismatch);
    this.#finish(failureOfError(error, { target, connectTimeoutMs, started: this.#controller !== null, status: this.#status }));
  }

  #answer(status: number, body: Uint8Array): HttpExchangeResult {
    const answer = { ok: true, status, headers: this.#headers, body } as const;
    return this.#setCookies === null ? answer : { ...answer, setCookies: this.#setCookies };
  }

  #oversized(): HttpFailure {
    return {
      ok: false,
      failure: 'oversized',
      detail: `the answer is larger than ${this.#limits.maxBodyBytes} bytes`,
      sent: true,
      status: this.#status,
    };
  }

  readonly #onTimeout = (): void => {
    const detail = `no ${this.#status === null ? '' : 'complete '}answer from ${this.#limits.target} within ${this.#limits.timeoutMs} ms`;
    this.#refuse({ ok: false, failure: 'timeout', detail, sent: this.#controller !== null, status: this.#status });
  };

  readonly #onAbort = (): void => {
    this.#refuse({
      ok: false,
      failure: 'cancelled',
      detail: 'the hub gave up the exchange',
      sent: this.#controller !== null,
      status: this.#status,
    });
  };

  /** Ends the exchange from our side: the answer first, then the socket. */
  #refuse(failure: HttpFailure): void {
    this.#finish(failure);
    this.#controller?.abort(new Error('given up'));
  }

  #finish(result: HttpExchangeResult): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#chunks = [];
    this.#settle(result);
  }
}
