/** The comparison itself: CodeMirror's merge view, side by side where there is room. Only loaded through diff-view.tsx. */
import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { usePreferences } from '../../i18n/preferences.ts';
import { defineTexts } from '../../i18n/texts.ts';
import { editorLanguage } from '../code-editor/editor-language.ts';
import { editorSetup } from '../code-editor/editor-setup.ts';
import { editorWords } from '../code-editor/editor-words.ts';
import type { DiffViewProps } from '../diff-view.tsx';
import { prettyJson } from '../json/pretty-json.ts';
import { prettyXml } from '../json/pretty-xml.ts';
import styles from './diff.module.css';
import { diffTheme } from './diff-theme.ts';

/** Two columns need this much, in pixels. */
const SIDE_BY_SIDE_MIN = 760;
/** Comparing goes rough after this, so that large documents do not hold up the page. */
const TIMEOUT_MS = 400;

const useTexts = defineTexts({
  en: { same: 'Both are the same.', vs: (before: string, after: string) => `${before} compared with ${after}` },
  cs: { same: 'Oba dokumenty jsou stejné.', vs: (before: string, after: string) => `Porovnání: ${before} a ${after}` },
});

export default function LoadedDiff({
  before,
  after,
  beforeLabel,
  afterLabel,
  language,
  layout = 'auto',
  sortKeys = true,
  maxHeight = 520,
}: DiffViewProps) {
  const t = useTexts();
  const words = usePreferences().language;
  const box = useRef<HTMLDivElement>(null);
  const wide = useWide(box) && layout === 'auto';
  const [a, b] = useMemo(() => [before, after].map((text) => readable(text, language, sortKeys)), [before, after, language, sortKeys]);

  useEffect(() => {
    const parent = box.current;
    if (parent === null || a === undefined || b === undefined) return;
    let close: (() => void) | null = null;
    const show = (highlight: Extension) => {
      const extensions = (label: string, text: string): Extension[] => [
        editorSetup({ compact: false, text }),
        diffTheme,
        highlight,
        EditorState.readOnly.of(true),
        EditorState.phrases.of(editorWords(words)),
        EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': 'true', tabindex: '0' }),
      ];
      const compared = { diffConfig: { scanLimit: 5_000, timeout: TIMEOUT_MS }, collapseUnchanged: { margin: 3, minSize: 6 } };
      const made = wide
        ? new MergeView({
            parent,
            a: { doc: a, extensions: extensions(beforeLabel, a) },
            b: { doc: b, extensions: extensions(afterLabel, b) },
            ...compared,
          })
        : new EditorView({
            parent,
            doc: b,
            extensions: [
              ...extensions(t.vs(beforeLabel, afterLabel), b),
              unifiedMergeView({ original: a, mergeControls: false, ...compared }),
            ],
          });
      close = () => made.destroy();
    };
    const loaded = editorLanguage(language);
    let current = true;
    if (loaded instanceof Promise)
      void loaded.then(
        (found) => current && show(found),
        () => current && show([]),
      );
    else show(loaded);
    return () => {
      current = false;
      close?.();
    };
  }, [a, b, beforeLabel, afterLabel, language, wide, words, t]);

  return (
    <div className={styles['diff']}>
      <div className={wide ? styles['heads'] : styles['head']}>
        <span>
          <b className={styles['before']} aria-hidden>
            −
          </b>{' '}
          {beforeLabel}
        </span>
        <span>
          <b className={styles['after']} aria-hidden>
            +
          </b>{' '}
          {afterLabel}
        </span>
      </div>
      {a === b ? <p className={styles['same']}>{t.same}</p> : null}
      <div ref={box} className={styles['box']} style={{ maxHeight }} />
    </div>
  );
}

function readable(text: string, language: DiffViewProps['language'], sortKeys: boolean): string {
  if (language === 'json') return prettyJson(text, { sortKeys }) ?? text;
  return language === 'xml' ? prettyXml(text) : text;
}

function useWide(box: { current: HTMLElement | null }): boolean {
  const [wide, setWide] = useState(false);
  useLayoutEffect(() => {
    if (box.current === null) return;
    setWide(box.current.clientWidth >= SIDE_BY_SIDE_MIN);
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWide(entry.contentRect.width >= SIDE_BY_SIDE_MIN);
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [box]);
  return wide;
}
