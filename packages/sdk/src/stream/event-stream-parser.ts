/** Reads `text/event-stream` (HTML Living Standard, section 9.2.6 "Interpreting an event stream") out of chunks of any size. */

export interface ServerSentEvent {
  event: string;
  data: string;
  /** The last id seen, also from earlier events. */
  lastEventId: string;
}

export interface EventStreamParser {
  /** Events completed by this text. @throws RangeError when one event is larger than 1 Mi characters */
  push(text: string): ServerSentEvent[];
  /** Milliseconds to wait before connecting again, as told by the server; null when it did not say. */
  retryMs(): number | null;
}

const EVENT_LENGTH_MAX = 1024 * 1024;

export function createEventStreamParser(lastEventId = ''): EventStreamParser {
  let rest = '';
  let first = true;
  let event = '';
  let data: string[] = [];
  let size = 0;
  let id = lastEventId;
  let retryMs: number | null = null;

  function line(text: string): ServerSentEvent | null {
    if (text === '') {
      const done = data.length === 0 ? null : { event: event === '' ? 'message' : event, data: data.join('\n'), lastEventId: id };
      event = '';
      data = [];
      size = 0;
      return done;
    }
    const colon = text.indexOf(':');
    if (colon === 0) return null;
    const name = colon === -1 ? text : text.slice(0, colon);
    const value = colon === -1 ? '' : text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1);
    size += text.length;
    if (size > EVENT_LENGTH_MAX) throw new RangeError('an event of the stream is too large');
    if (name === 'event') event = value;
    else if (name === 'data') data.push(value);
    else if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'retry' && /^\d{1,9}$/.test(value)) retryMs = Number(value);
    return null;
  }

  return {
    push(text) {
      rest += text;
      if (first && rest !== '') {
        first = false;
        if (rest.startsWith('\uFEFF')) rest = rest.slice(1);
      }
      const events: ServerSentEvent[] = [];
      let from = 0;
      for (const end of rest.matchAll(/\r\n|\n|\r/g)) {
        // A carriage return at the very end may be the half of a pair.
        if (end[0] === '\r' && end.index === rest.length - 1) break;
        const done = line(rest.slice(from, end.index));
        if (done !== null) events.push(done);
        from = end.index + end[0].length;
      }
      rest = rest.slice(from);
      if (rest.length > EVENT_LENGTH_MAX) throw new RangeError('a line of the stream is too long');
      return events;
    },
    retryMs: () => retryMs,
  };
}
