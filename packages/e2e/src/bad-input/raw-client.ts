/** Sends requests exactly as a test wrote them: raw targets, repeated and broken headers, any bytes. */
import { request } from 'node:http';

export interface RawRequest {
  method: string;
  /** As it goes on the wire; not normalised. */
  target: string;
  headers?: Readonly<Record<string, string>>;
  body?: Buffer | string | undefined;
  /** Sends the body without telling its length. */
  chunked?: boolean;
}

export interface RawAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
}

const ANSWER_MS = 60_000;
const ANSWER_BYTES_MAX = 2_000_000;

/** Answers what came back; status 0 when the connection ended without an answer. Event streams are cut off after their head. */
export function sendRaw(base: URL, { method, target, headers = {}, body, chunked = false }: RawRequest): Promise<RawAnswer> {
  return new Promise((done) => {
    let answered = false;
    const finish = (answer: RawAnswer) => {
      if (!answered) done(answer);
      answered = true;
    };
    const outgoing = request(
      {
        host: base.hostname,
        port: base.port,
        method,
        path: target,
        agent: false,
        headers: { ...headers, ...(body === undefined || chunked ? {} : { 'content-length': Buffer.byteLength(body) }) },
      },
      (response) => {
        const head = { status: response.statusCode ?? 0, headers: response.headers };
        const chunks: Buffer[] = [];
        let size = 0;
        if (String(response.headers['content-type']).startsWith('text/event-stream')) {
          finish({ ...head, text: '' });
          outgoing.destroy();
          return;
        }
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size <= ANSWER_BYTES_MAX) chunks.push(chunk);
        });
        response.on('end', () => finish({ ...head, text: Buffer.concat(chunks).toString('utf8') }));
        response.on('error', () => finish({ ...head, text: Buffer.concat(chunks).toString('utf8') }));
      },
    );
    // A refusal may arrive while the body is still being written; the answer counts, not the broken pipe.
    outgoing.on('error', () => setTimeout(() => finish({ status: 0, headers: {}, text: 'connection ended' }), 1_000));
    outgoing.setTimeout(ANSWER_MS, () => {
      finish({ status: 0, headers: {}, text: `no answer within ${ANSWER_MS} ms` });
      outgoing.destroy();
    });
    if (chunked) outgoing.setHeader('transfer-encoding', 'chunked');
    outgoing.end(body);
  });
}
