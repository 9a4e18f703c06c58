/** The same spoke as text, YAML or JSON: what is written there is taken over as soon as it can be read. */
import { useEffect, useRef, useState } from 'react';
import { parseDocument, stringify } from 'yaml';
import { CodeEditor, type EditorProblem } from '../../../parts/code-editor/code-editor.tsx';
import { isJsonObject } from '../../../parts/schema-form/schema-shape.ts';
import { useFormWords } from './form-texts.ts';
import { type SpokeDocument, sameDocument } from './spoke-document.ts';
import styles from './spoke-form.module.css';
import type { Told } from './use-draft.ts';

export type TextLanguage = 'yaml' | 'json';

export interface TextViewProps {
  language: TextLanguage;
  document: SpokeDocument;
  onChange: (document: SpokeDocument) => void;
  /** What is written cannot be read: nothing may be saved. */
  onBroken: (broken: boolean) => void;
  errors: readonly Told[];
  readOnly: boolean;
}

export default function TextView({ language, document, onChange, onBroken, errors, readOnly }: TextViewProps) {
  const t = useFormWords();
  const [text, setText] = useState(() => written(document, language));
  const [problem, setProblem] = useState<EditorProblem | null>(null);
  const known = useRef(document);
  // Changed elsewhere, such as by taking over what is stored.
  useEffect(() => {
    if (sameDocument(known.current, document)) return;
    known.current = document;
    setText(written(document, language));
    setProblem(null);
  }, [document, language]);
  useEffect(() => () => onBroken(false), [onBroken]);
  const change = (next: string) => {
    setText(next);
    const read = readDocument(next);
    if ('problem' in read) setProblem({ ...read.problem, message: t.unread(read.problem.message) });
    else {
      setProblem(null);
      known.current = read.document;
      onChange(read.document);
    }
    onBroken('problem' in read);
  };
  const problems =
    problem === null ? errors.map((error) => ({ ...placeOf(text, error.path), message: `${error.path} ${error.message}` })) : [problem];
  return (
    <div className={styles['panel']}>
      <p className="soft">{t.secretsHere}</p>
      <CodeEditor
        value={text}
        onChange={readOnly ? undefined : change}
        language={language}
        label={language.toUpperCase()}
        minHeight={320}
        maxHeight={720}
        problems={problems}
        invalid={problems.length > 0}
      />
      {problems.length === 0 ? null : (
        <ul role="alert" style={{ color: 'var(--red)', paddingLeft: 18 }}>
          {problems.map(({ message }) => (
            <li key={message}>{message}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function written(document: SpokeDocument, language: TextLanguage): string {
  return language === 'json' ? JSON.stringify(document, null, 2) : stringify(document, { lineWidth: 120 });
}

/** JSON is YAML too, so one reader does for both. No aliases: what a few bytes unfold to must stay small. */
function readDocument(text: string): { document: SpokeDocument } | { problem: EditorProblem } {
  const parsed = parseDocument(text, { prettyErrors: false, uniqueKeys: true });
  const [error] = parsed.errors;
  if (error !== undefined) return { problem: { from: error.pos[0], to: error.pos[1], message: error.message } };
  try {
    const value: unknown = parsed.toJS({ maxAliasCount: 0 });
    return isJsonObject(value) ? { document: value } : { problem: { line: 1, message: 'kind: …' } };
  } catch (error) {
    return { problem: { line: 1, message: error instanceof Error ? error.message : String(error) } };
  }
}

/** The line where the place of a problem is written, or the nearest one above it. */
function placeOf(text: string, pointer: string): { from: number; to: number } | { line: number } {
  const parsed = parseDocument(text);
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  for (let depth = steps.length; depth > 0; depth--) {
    const node: unknown = parsed.getIn(steps.slice(0, depth), true);
    const range = typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? node.range : null;
    if (range !== null && typeof range[0] === 'number' && typeof range[1] === 'number') return { from: range[0], to: range[1] };
  }
  return { line: 1 };
}
