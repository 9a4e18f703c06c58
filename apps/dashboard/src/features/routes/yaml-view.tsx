/** The same route as YAML, in step with the form. Loaded when it is first shown. */
import { useEffect, useRef, useState } from 'react';
import { CodeEditor, type EditorProblem } from '../../parts/code-editor/code-editor.tsx';
import { Panel } from '../../parts/page.tsx';
import styles from './editor.module.css';
import { useEditorTexts } from './editor-texts.ts';
import { useForm } from './form-context.ts';
import { type RouteDocument, sameDocument } from './route-document.ts';
import { placeOf, readYaml, yamlOf } from './route-yaml.ts';

export interface YamlViewProps {
  document: RouteDocument;
  onChange: (document: RouteDocument) => void;
  /** What is written cannot be read: the form stays as it was, and nothing may be saved. */
  onBroken: (broken: boolean) => void;
}

export default function YamlView({ document, onChange, onBroken }: YamlViewProps) {
  const t = useEditorTexts();
  const { problems: told, readOnly } = useForm();
  const [text, setText] = useState(() => yamlOf(document));
  const [unread, setUnread] = useState<readonly EditorProblem[]>([]);
  const known = useRef(document);
  // Changed elsewhere, such as by taking over what is stored.
  useEffect(() => {
    if (sameDocument(known.current, document)) return;
    known.current = document;
    setText(yamlOf(document));
    setUnread([]);
  }, [document]);
  const left = useRef(onBroken);
  left.current = onBroken;
  useEffect(() => () => left.current(false), []);
  const change = (next: string) => {
    setText(next);
    const read = readYaml(next, known.current);
    if ('document' in read) {
      known.current = read.document;
      onChange(read.document);
    }
    const problems =
      'broken' in read
        ? [{ ...read.broken, message: t.unread(read.broken.message) }]
        : 'problems' in read
          ? read.problems.map(({ path, code, place }) => ({
              ...(place ?? { line: 1 }),
              message: t.unread(`${path} ${t.read[code]}`.trim()),
            }))
          : [];
    setUnread(problems);
    onBroken(problems.length > 0);
  };
  const shown =
    unread.length > 0
      ? unread
      : told.map(({ path, message, position }) => ({
          ...(placeOf(text, path) ?? { line: 1 }),
          message: `${path} ${message}${position === null || /position \d/.test(message) ? '' : ` (${t.at(position)})`}`,
        }));
  return (
    <Panel title={t.yaml}>
      <div className={styles['fields']}>
        <p className={styles['help']}>{t.yamlHelp}</p>
        {shown.length === 0 ? null : (
          <div role="alert">
            <ul className={styles['wrong']}>
              {shown.map(({ message }) => (
                <li key={message}>{message}</li>
              ))}
            </ul>
          </div>
        )}
        <CodeEditor
          value={text}
          onChange={change}
          readOnly={readOnly}
          language="yaml"
          label={t.yaml}
          minHeight={320}
          maxHeight={720}
          problems={shown}
          invalid={shown.length > 0}
        />
      </div>
    </Panel>
  );
}
