/** How editors look: our variables, so that light and dark follow the page without another style sheet. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const look = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'transparent', fontSize: '12.5px', height: '100%' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--accent)', padding: '6px 0' },
  '.cm-placeholder': { color: 'var(--text-soft)' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--text-soft)', borderRight: '1px solid var(--border)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--selected)', color: 'var(--text)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--selected) 45%, transparent)' },
  '.cm-foldGutter .cm-gutterElement': { cursor: 'pointer', padding: '0 3px' },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--selected)',
    border: '1px solid var(--border)',
    color: 'var(--text)',
    padding: '0 5px',
    margin: '0 2px',
  },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--selected)', outline: '1px solid var(--accent)' },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--red-soft)', outline: '1px solid var(--red)' },
  '.cm-searchMatch': { backgroundColor: 'var(--amber-soft)', outline: '1px solid var(--amber)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--amber-soft)', outline: '2px solid var(--amber)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--blue-soft)' },
  '.cm-specialChar': { color: 'var(--red)' },
  '.cm-highlightSpace': { backgroundImage: 'none' },
  '.cm-highlightTab': { backgroundImage: 'none' },
  '.cm-panels': { backgroundColor: 'var(--raised)', color: 'var(--text)', fontFamily: 'var(--font)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--border)' },
  '.cm-panel.cm-search': { padding: '6px 34px 6px 8px', fontSize: 'var(--text-12)' },
  '.cm-panel.cm-search label': { fontSize: 'var(--text-12)', display: 'inline-flex', alignItems: 'center', minHeight: '24px' },
  '.cm-panel.cm-search [name=close]': { color: 'var(--text)', minWidth: '24px', minHeight: '24px', fontSize: '16px', cursor: 'pointer' },
  '.cm-textfield': {
    border: '1px solid var(--border-strong)',
    borderRadius: '4px',
    backgroundColor: 'var(--panel)',
    color: 'var(--text)',
    fontSize: 'var(--text-12)',
    minHeight: '24px',
  },
  '.cm-button': {
    border: '1px solid var(--border)',
    borderRadius: '4px',
    backgroundImage: 'none',
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    fontSize: 'var(--text-12)',
    minHeight: '24px',
    cursor: 'pointer',
  },
  '.cm-button:active': { backgroundImage: 'none', backgroundColor: 'var(--hover)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    border: '1px solid var(--border)',
    borderRadius: 'var(--radius)',
    boxShadow: 'var(--shadow)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', maxWidth: 'min(560px, 90vw)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px', minHeight: '24px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--selected)', color: 'var(--text)' },
  '.cm-completionDetail': { color: 'var(--text-soft)', fontStyle: 'normal' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-diagnostic': { fontFamily: 'var(--font)', fontSize: 'var(--text-12)' },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--red)' },
  // The library's underline is a picture in a data: address, which the Content-Security-Policy has no place for.
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--red)', textDecorationSkipInk: 'none' },
  '.cm-lintRange-active': { backgroundColor: 'var(--red-soft)' },
  '.cm-lintPoint:after': { borderBottomColor: 'var(--red)' },
});

const inks = HighlightStyle.define([
  { tag: [tags.propertyName, tags.attributeName], color: 'var(--blue)' },
  { tag: [tags.string, tags.attributeValue, tags.special(tags.string)], color: 'var(--green)' },
  { tag: [tags.number, tags.character], color: 'var(--amber)' },
  { tag: [tags.bool, tags.null, tags.keyword, tags.atom], color: 'var(--violet)' },
  { tag: tags.regexp, color: 'var(--red)' },
  { tag: tags.variableName, color: 'var(--teal)' },
  { tag: [tags.function(tags.variableName), tags.tagName, tags.typeName], color: 'var(--accent)' },
  { tag: [tags.operator, tags.punctuation, tags.separator, tags.bracket, tags.meta], color: 'var(--text-soft)' },
  { tag: tags.comment, color: 'var(--muted)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--red)' },
]);

export const editorTheme: Extension = [look, syntaxHighlighting(inks)];
