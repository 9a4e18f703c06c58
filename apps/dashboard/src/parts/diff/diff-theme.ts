/** How differences look: soft grounds with a sign in the gutter, in our colours. */
import { EditorView } from '@codemirror/view';

/** A line below too: the ground must stay so faint that all inks can be read on it. */
const changed = (tone: 'red' | 'green') => ({
  background: 'none',
  textDecoration: 'none',
  backgroundColor: `color-mix(in srgb, var(--${tone}) 9%, transparent)`,
  boxShadow: `inset 0 -2px 0 var(--${tone})`,
});

export const diffTheme = EditorView.theme({
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: 'var(--red-soft)' },
  '&.cm-merge-b .cm-changedLine, .cm-inlineChangedLine': { backgroundColor: 'var(--green-soft)' },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': changed('red'),
  '&.cm-merge-b .cm-changedText': changed('green'),
  '&.cm-merge-b .cm-deletedText': changed('red'),
  '&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter': { background: 'var(--red)' },
  '&.cm-merge-b .cm-changedLineGutter': { background: 'var(--green)' },
  // The library's own sign is missing from many fonts.
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '"⋯"' },
  '.cm-collapsedLines': { color: 'var(--text-soft)', background: 'var(--sunken)', padding: '3px 10px' },
});
