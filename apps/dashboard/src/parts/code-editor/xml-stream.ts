/** Reads XML word by word, for colours only. */
import type { StreamParser } from '@codemirror/language';
import type { Characters } from './jsonata-stream.ts';

export interface XmlState {
  inside: 'comment' | 'cdata' | 'processing' | 'tag' | '"' | "'" | null;
}

const ENDS = { comment: '-->', cdata: ']]>', processing: '?>' } as const;

export const xmlStream = {
  name: 'xml',
  startState: (): XmlState => ({ inside: null }),
  copyState: (state: XmlState): XmlState => ({ ...state }),
  token: readXmlToken,
  languageData: { commentTokens: { block: { open: '<!--', close: '-->' } } },
} satisfies StreamParser<XmlState>;

/** The name of a highlight for the next word, null for what has none. Always moves on. */
function readXmlToken(stream: Characters, state: XmlState): string | null {
  const { inside } = state;
  if (inside === 'comment' || inside === 'cdata' || inside === 'processing') return readTo(stream, state, inside);
  if (inside === '"' || inside === "'") return readText(stream, state, inside);
  if (inside === 'tag') return readInTag(stream, state);
  if (stream.match('<!--')) return readTo(stream, state, 'comment');
  if (stream.match('<![CDATA[')) return readTo(stream, state, 'cdata');
  if (stream.match('<?')) return readTo(stream, state, 'processing');
  if (stream.match(/^<[!/]?[^\s<>/"'=]*/)) {
    state.inside = 'tag';
    return 'tagName';
  }
  if (stream.match(/^&[^;\s<]{1,32};/)) return 'character';
  stream.next();
  stream.match(/^[^<&]+/);
  return null;
}

function readInTag(stream: Characters, state: XmlState): string | null {
  if (stream.eatSpace()) return null;
  if (stream.match(/^\/?>/)) {
    state.inside = null;
    return 'tagName';
  }
  if (stream.match(/^[^\s<>/"'=]+/)) return 'attributeName';
  const character = stream.next();
  if (character === '"' || character === "'") return readText(stream, state, character);
  return character === '=' ? 'operator' : null;
}

function readText(stream: Characters, state: XmlState, quote: '"' | "'"): string {
  state.inside = quote;
  while (!stream.eol()) {
    if (stream.next() === quote) {
      state.inside = 'tag';
      break;
    }
  }
  return 'attributeValue';
}

function readTo(stream: Characters, state: XmlState, inside: keyof typeof ENDS): string | null {
  state.inside = inside;
  while (!stream.eol()) {
    if (stream.match(ENDS[inside])) {
      state.inside = null;
      break;
    }
    stream.next();
  }
  return inside === 'cdata' ? null : inside === 'comment' ? 'comment' : 'meta';
}
