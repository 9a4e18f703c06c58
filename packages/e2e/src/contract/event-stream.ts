/** A watcher of server-sent events (HTML Living Standard, 9.2.6), as far as these suites need one. */
import { request } from 'node:http';

export interface StreamEvent {
  id: string;
  event: string;
  data: unknown;
}

export interface EventStream {
  events: StreamEvent[];
  close(): void;
}

/** Resolves when the server has answered. @throws when it refuses */
export function watchStream(url: string, headers: Readonly<Record<string, string>>): Promise<EventStream> {
  return new Promise((done, fail) => {
    const events: StreamEvent[] = [];
    const outgoing = request(url, { headers, agent: false }, (response) => {
      if (response.statusCode !== 200) {
        outgoing.destroy();
        fail(new Error(`the stream answers ${response.statusCode}`));
        return;
      }
      let waiting = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const blocks = (waiting + chunk).split('\n\n');
        waiting = blocks.pop() ?? '';
        for (const block of blocks) {
          const fields = new Map(
            block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
          );
          const data = fields.get('data');
          if (data !== undefined) events.push({ id: fields.get('id') ?? '', event: fields.get('event') ?? '', data: JSON.parse(data) });
        }
      });
      response.on('error', () => undefined);
      done({ events, close: () => outgoing.destroy() });
    });
    outgoing.on('error', fail);
    outgoing.end();
  });
}
