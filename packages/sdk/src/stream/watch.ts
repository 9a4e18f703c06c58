/** Watches what happens on the hub, and goes on where it was when the connection breaks. */
import type { AlertEvent, DeliveryEvent, MessageEvent, QueueEvent } from '@nave/api-schema';
import { ApiError } from '../transport/api-error.ts';
import { chunksOf } from '../transport/chunks-of.ts';
import { NotReachable } from '../transport/not-reachable.ts';
import type { Transport } from '../transport/transport.ts';
import { createEventStreamParser, type ServerSentEvent } from './event-stream-parser.ts';

export type StreamEvent = { lastEventId: string } & (
  | { event: 'message'; data: MessageEvent }
  | { event: 'delivery'; data: DeliveryEvent }
  | { event: 'queue'; data: QueueEvent }
  | { event: 'alert'; data: AlertEvent }
);

export interface StreamOptions {
  /** Goes on after this event. */
  lastEventId?: string;
  /** Ends the watching; the iteration then ends without an error. */
  signal?: AbortSignal;
  /** Told when the connection broke and is opened again. */
  onReconnect?: (reason: string) => void;
}

export interface WatchTiming {
  /** Waits; ends early, without an error, when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Silence after which a connection counts as dead; the hub sends a comment every 15 s. */
  silenceMs: number;
}

const RETRY_MS = 2_000;
const RETRY_MS_MAX = 30_000;
/** Connections in a row that brought nothing, after which watching ends with the last error. */
const FAILURES_MAX = 10;

/**
 * Events as they come. What happened around a break may be told twice.
 * @throws ApiError, NotReachable when the first connection fails, or too many in a row
 */
export async function* watch(transport: Transport, options: StreamOptions, timing: WatchTiming): AsyncGenerator<StreamEvent, void> {
  const { signal } = options;
  let lastEventId = options.lastEventId ?? '';
  let connectedOnce = false;
  let failures = 0;
  let retryMs = RETRY_MS;
  while (!signal?.aborted) {
    const connection = new AbortController();
    const parser = createEventStreamParser(lastEventId);
    try {
      const body = await transport.open({
        path: '/api/v1/stream',
        headers: { accept: 'text/event-stream', ...(lastEventId === '' ? {} : { 'last-event-id': lastEventId }) },
        signal: signal ? AbortSignal.any([signal, connection.signal]) : connection.signal,
      });
      connectedOnce = true;
      for await (const text of textOf(body, timing.silenceMs, connection)) {
        failures = 0;
        for (const event of parser.push(text)) {
          lastEventId = event.lastEventId;
          const known = streamEventOf(event);
          if (known !== null) yield known;
        }
        retryMs = Math.min(parser.retryMs() ?? retryMs, RETRY_MS_MAX);
      }
      if (signal?.aborted) return;
      options.onReconnect?.('the hub ended the stream');
    } catch (error) {
      if (signal?.aborted) return;
      failures += 1;
      if (!connectedOnce || failures >= FAILURES_MAX || !passes(error)) throw error;
      options.onReconnect?.(error instanceof Error ? error.message : 'the connection was cut');
    } finally {
      connection.abort();
    }
    await timing.sleep(Math.min(retryMs * 2 ** Math.max(failures - 1, 0), RETRY_MS_MAX), signal);
  }
}

/** Chunks as text; a connection that is silent for too long is ended. */
async function* textOf(body: ReadableStream<Uint8Array>, silenceMs: number, connection: AbortController): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  const listen = () => setTimeout(() => connection.abort(new Error('the stream was silent for too long')), silenceMs);
  let silence = listen();
  try {
    for await (const chunk of chunksOf(body)) {
      clearTimeout(silence);
      silence = listen();
      yield decoder.decode(chunk, { stream: true });
    }
  } finally {
    clearTimeout(silence);
  }
}

/** A refusal of the key does not go away by trying again. */
function passes(error: unknown): boolean {
  if (error instanceof ApiError) return error.status === 429 || error.status >= 500;
  if (error instanceof RangeError || error instanceof SyntaxError) return false;
  return error instanceof NotReachable || error instanceof Error;
}

/** Null for events this client does not know. */
function streamEventOf({ event, data, lastEventId }: ServerSentEvent): StreamEvent | null {
  switch (event) {
    case 'message':
      return { event, data: JSON.parse(data), lastEventId };
    case 'delivery':
      return { event, data: JSON.parse(data), lastEventId };
    case 'queue':
      return { event, data: JSON.parse(data), lastEventId };
    case 'alert':
      return { event, data: JSON.parse(data), lastEventId };
    default:
      return null;
  }
}
