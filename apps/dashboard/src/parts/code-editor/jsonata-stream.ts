/** Reads JSONata word by word, for colours only (docs.jsonata.org): it needs no look-ahead over lines but for comments and texts. */
import type { StreamParser } from '@codemirror/language';
import { JSONATA_FUNCTIONS } from './jsonata-functions.ts';

export interface JsonataState {
  /** What is not closed at the end of a line. */
  inside: 'comment' | '"' | "'" | '`' | null;
  /** What came last is a value: a `/` after it divides, else it opens a regular expression. */
  value: boolean;
}

/** The part of CodeMirror's stream that it reads from. */
export interface Characters {
  next(): unknown;
  peek(): string | undefined;
  eatSpace(): boolean;
  eol(): boolean;
  match(pattern: string | RegExp): unknown;
  skipToEnd(): void;
}

export const jsonataStream = {
  name: 'jsonata',
  startState: (): JsonataState => ({ inside: null, value: false }),
  copyState: (state: JsonataState): JsonataState => ({ ...state }),
  token: readToken,
  languageData: { closeBrackets: { brackets: ['(', '[', '{', '"', "'", '`'] }, commentTokens: { block: { open: '/*', close: '*/' } } },
} satisfies StreamParser<JsonataState>;

/** The name of a highlight for the next word, null for what has none. Always moves on. */
function readToken(stream: Characters, state: JsonataState): string | null {
  if (state.inside !== null) return readRest(stream, state, state.inside);
  if (stream.eatSpace()) return null;
  if (stream.match('/*')) return readRest(stream, state, 'comment');
  if (!state.value && stream.match(/^\/(?:[^/\\]|\\.)+\/[im]*/)) return gave(state, 'regexp');
  if (stream.match(/^\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/)) return gave(state, 'number');
  const variable = matched(stream.match(/^\$\$?[A-Za-z_0-9]*/));
  if (variable !== null) return gave(state, Object.hasOwn(JSONATA_FUNCTIONS, variable.slice(1)) ? 'variableName.function' : 'variableName');
  const word = matched(stream.match(/^[\p{L}_][\p{L}\p{N}_]*/u));
  if (word !== null) return readWord(state, word);
  if (stream.match(/^(?::=|~>|!=|<=|>=|\*\*|\.\.|\?:|\?\?)/)) return operator(state);
  const character = stream.next();
  if (character === '"' || character === "'" || character === '`') return readRest(stream, state, character);
  if (character === ')' || character === ']' || character === '}') return gave(state, 'bracket');
  if (character === '(' || character === '[' || character === '{') {
    state.value = false;
    return 'bracket';
  }
  return typeof character === 'string' && '+-*/%=<>&.:;,?^|@#!~'.includes(character) ? operator(state) : null;
}

function readWord(state: JsonataState, word: string): string {
  if (word === 'and' || word === 'or' || word === 'in' || word === 'function') {
    state.value = false;
    return 'keyword';
  }
  if (word === 'true' || word === 'false') return gave(state, 'bool');
  return gave(state, word === 'null' ? 'null' : 'propertyName');
}

function readRest(stream: Characters, state: JsonataState, inside: NonNullable<JsonataState['inside']>): string {
  state.inside = inside;
  if (inside === 'comment') {
    while (!stream.eol()) {
      if (stream.match('*/')) {
        state.inside = null;
        break;
      }
      stream.next();
    }
    return 'comment';
  }
  while (!stream.eol()) {
    const character = stream.next();
    if (character === '\\' && inside !== '`') stream.next();
    if (character === inside) {
      state.inside = null;
      break;
    }
  }
  return gave(state, inside === '`' ? 'propertyName' : 'string');
}

function gave(state: JsonataState, style: string): string {
  state.value = true;
  return style;
}

function operator(state: JsonataState): string {
  state.value = false;
  return 'operator';
}

function matched(match: unknown): string | null {
  return Array.isArray(match) && typeof match[0] === 'string' && match[0] !== '' ? match[0] : null;
}
