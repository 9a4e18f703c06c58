/** The editor itself: CodeMirror, kept in step with React. Only loaded through code-editor.tsx. */
import { setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, Transaction } from '@codemirror/state';
import { EditorView, placeholder } from '@codemirror/view';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { usePreferences } from '../../i18n/preferences.ts';
import styles from './code-editor.module.css';
import type { CodeEditorProps } from './code-editor.tsx';
import { jsonataCompletion } from './editor-completion.ts';
import { editorLanguage } from './editor-language.ts';
import { editorSetup } from './editor-setup.ts';
import { editorWords } from './editor-words.ts';
import { problemRange } from './problem-range.ts';

/** From here on, in characters, the caller is told when the writing pauses: the whole text is copied for it. */
const LARGE = 200_000;
const PAUSE_MS = 250;

interface Live {
  view: EditorView;
  /** The timer of what the caller was not told yet. */
  waiting: number | null;
  /** What the caller knows: compared by reference of the string, not by reading the document. */
  known: string;
}

export default function LoadedEditor(props: CodeEditorProps) {
  const { value, language, label, describedBy, invalid = false, height, minHeight, maxHeight, problems, compact = false } = props;
  const readOnly = props.readOnly === true || props.onChange === undefined;
  const words = usePreferences().language;
  const box = useRef<HTMLDivElement>(null);
  const live = useRef<Live | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const parts = useRef({ language: new Compartment(), access: new Compartment(), words: new Compartment() }).current;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; the effects below keep it in step
  useLayoutEffect(() => {
    const parent = box.current;
    if (parent === null) return;
    const made: Live = {
      view: new EditorView({ parent, state: EditorState.create({ doc: value, extensions: extensions() }) }),
      known: value,
      waiting: null,
    };
    live.current = made;
    return () => {
      if (made.waiting !== null) tell(made);
      made.view.destroy();
      live.current = null;
    };
  }, []);

  function tell(at: Live) {
    if (at.waiting !== null) window.clearTimeout(at.waiting);
    at.waiting = null;
    at.known = at.view.state.doc.toString();
    latest.current.onChange?.(at.known);
  }

  function extensions() {
    return [
      editorSetup({ compact, text: value }),
      parts.language.of([]),
      parts.access.of([]),
      parts.words.of([]),
      EditorView.updateListener.of((update) => {
        const at = live.current;
        if (at === null) return;
        if (update.docChanged && !update.transactions.some((one) => one.annotation(Transaction.userEvent) === 'outside')) {
          if (at.waiting !== null) window.clearTimeout(at.waiting);
          if (update.state.doc.length < LARGE) tell(at);
          else at.waiting = window.setTimeout(() => tell(at), PAUSE_MS);
        }
        if (update.focusChanged && at.waiting !== null) tell(at);
        if (update.selectionSet) latest.current.onCursor?.(update.state.selection.main.head);
      }),
    ];
  }

  useEffect(() => {
    const at = live.current;
    if (at === null || at.known === value) return;
    at.known = value;
    at.view.dispatch({
      changes: { from: 0, to: at.view.state.doc.length, insert: value },
      annotations: [Transaction.userEvent.of('outside'), Transaction.addToHistory.of(false)],
    });
  }, [value]);

  useEffect(() => {
    const loaded = editorLanguage(language);
    const extra = language === 'jsonata' ? jsonataCompletion(() => latest.current.complete) : [];
    let current = true;
    const use = (found: Awaited<typeof loaded>) => {
      if (current) live.current?.view.dispatch({ effects: parts.language.reconfigure([found, extra]) });
    };
    if (loaded instanceof Promise) void loaded.then(use, () => undefined);
    else use(loaded);
    return () => {
      current = false;
    };
  }, [language, parts]);

  const hint = props.placeholder ?? '';
  useEffect(() => {
    const attributes = {
      'aria-label': label,
      // Reachable by itself already; said for tools that look for it on what scrolls.
      tabindex: '0',
      ...(describedBy === undefined ? {} : { 'aria-describedby': describedBy }),
      ...(invalid ? { 'aria-invalid': 'true' } : {}),
      ...(readOnly ? { 'aria-readonly': 'true' } : {}),
    };
    // Read-only, but still editable for the browser: so that the cursor moves, and what is under it can be copied.
    const access = [EditorState.readOnly.of(readOnly), EditorView.contentAttributes.of(attributes), hint === '' ? [] : placeholder(hint)];
    live.current?.view.dispatch({ effects: parts.access.reconfigure(access) });
  }, [label, describedBy, invalid, readOnly, hint, parts]);

  useEffect(() => {
    live.current?.view.dispatch({ effects: parts.words.reconfigure(EditorState.phrases.of(editorWords(words))) });
  }, [words, parts]);

  useEffect(() => {
    const view = live.current?.view;
    if (view === undefined || problems === undefined) return;
    const found = problems.map((problem) => ({
      ...problemRange(problem, view.state.doc),
      severity: 'error' as const,
      message: problem.message,
    }));
    view.dispatch(setDiagnostics(view.state, found));
  }, [problems]);

  return (
    <div
      ref={box}
      className={[styles['editor'], compact ? styles['compact'] : '', invalid ? styles['invalid'] : ''].join(' ')}
      style={{ height, minHeight: height ?? minHeight ?? (compact ? 30 : undefined), maxHeight: height ?? maxHeight }}
    />
  );
}
