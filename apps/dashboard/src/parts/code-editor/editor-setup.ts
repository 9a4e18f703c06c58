/** What every editor of the dashboard can do, whatever its language. */
import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { cspNonce } from './csp-nonce.ts';
import { editorTheme } from './editor-theme.ts';

/** From here on lines are not wrapped: laying out a minified megabyte on one line takes seconds. */
const WRAPPED_LINE_MAX = 5_000;

/** @param compact an input of a form: no gutters */
export function editorSetup({ compact, text }: { compact: boolean; text: string }): Extension {
  return [
    editorTheme,
    EditorView.cspNonce.of(cspNonce()),
    highlightSpecialChars(),
    history(),
    bracketMatching(),
    closeBrackets(),
    indentOnInput(),
    EditorState.tabSize.of(2),
    search({ top: true }),
    highlightSelectionMatches({ minSelectionLength: 2, maxMatches: 200 }),
    compact ? codeFolding() : [lineNumbers(), foldGutter(), highlightActiveLineGutter(), highlightActiveLine()],
    hasLongLine(text) ? [] : EditorView.lineWrapping,
    // No key for Tab: it moves on to the next element, as everywhere (WCAG 2.1.2).
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap]),
  ];
}

function hasLongLine(text: string): boolean {
  let start = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', start)) {
    if (at - start > WRAPPED_LINE_MAX) return true;
    start = at + 1;
  }
  return text.length - start > WRAPPED_LINE_MAX;
}
