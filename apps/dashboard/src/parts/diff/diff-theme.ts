/** How differences look: soft grounds with a sign in the gutter, in our colours. */
import { EditorView } from '@codemirror/view';

const underline = { background: 'none', textDecoration: 'none' };

export const diffTheme = EditorView.theme({
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: 'var(--red-soft)' },
  '&.cm-merge-b .cm-changedLine, .cm-inlineChangedLine': { backgroundColor: 'var(--green-soft)' },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': {
    ...underline,
    backgroundColor: 'color-mix(in srgb, var(--red) 22%, transparent)',
  },
  '&.cm-merge-b .cm-changedText': { ...underline, backgroundColor: 'color-mix(in srgb, var(--green) 22%, transparent)' },
  '&.cm-merge-b .cm-deletedText': { ...underline, backgroundColor: 'color-mix(in srgb, var(--red) 22%, transparent)' },
  '&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter': { background: 'var(--red)' },
  '&.cm-merge-b .cm-changedLineGutter': { background: 'var(--green)' },
  '.cm-collapsedLines': { color: 'var(--text-soft)', background: 'var(--sunken)', padding: '3px 10px' },
});
