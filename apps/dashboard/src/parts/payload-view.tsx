/** A body as it came, readable: JSON and XML indented, forms as a table, bytes as hex. Always text, never a document of its own. */
import { Braces, Copy, Download, Slash } from 'lucide-react';
import { type ReactNode, useMemo, useRef } from 'react';
import { useFormat } from '../i18n/format.ts';
import { defineTexts } from '../i18n/texts.ts';
import { Button } from './button.tsx';
import { CodeEditor } from './code-editor/code-editor.tsx';
import { copyText } from './copy-text.ts';
import { jsonataPath, jsonPathAt, jsonPointer } from './json/json-path.ts';
import { Note } from './note.tsx';
import { download } from './payload/download.ts';
import { hexLines, type PayloadForm, payloadForm } from './payload/payload-form.ts';
import styles from './payload-view.module.css';
import { toast } from './toasts.tsx';

const HEX_BYTES_MAX = 256;
const EXTENSIONS = { json: 'json', xml: 'xml', text: 'txt', fields: 'txt', binary: 'bin' } as const;

const useTexts = defineTexts({
  en: {
    copyAll: 'Copy all',
    download: 'Download',
    copyPath: 'Copy path',
    copyPointer: 'Copy JSON pointer',
    copied: (what: string) => `Copied ${what}`,
    copiedAll: 'Copied',
    field: 'Field',
    value: 'Value',
    empty: 'The body is empty.',
    binary: (size: string) => `${size} that are no text.`,
    binaryPart: (size: string, shown: string) => `${size} that are no text; the first ${shown}:`,
  },
  cs: {
    copyAll: 'Kopírovat vše',
    download: 'Stáhnout',
    copyPath: 'Kopírovat cestu',
    copyPointer: 'Kopírovat JSON pointer',
    copied: (what: string) => `Zkopírováno: ${what}`,
    copiedAll: 'Zkopírováno',
    field: 'Pole',
    value: 'Hodnota',
    empty: 'Tělo je prázdné.',
    binary: (size: string) => `${size} dat, která nejsou text.`,
    binaryPart: (size: string, shown: string) => `${size} dat, která nejsou text; prvních ${shown}:`,
  },
});

export interface PayloadViewProps {
  text?: string | null | undefined;
  /** Bytes that are no text. */
  base64?: string | null | undefined;
  contentType: string | null;
  /** Shown above while the content is masked: what is hidden, and how it is revealed. */
  maskedHint?: ReactNode;
  label: string;
  /** Of the file, without extension. */
  fileName?: string;
  /** In pixels; longer ones scroll inside. */
  maxHeight?: number;
}

export function PayloadView({ text, base64, contentType, maskedHint, label, fileName = 'payload', maxHeight = 520 }: PayloadViewProps) {
  const t = useTexts();
  const format = useFormat();
  const cursor = useRef(0);
  const form = useMemo(() => payloadForm({ text, base64 }, contentType ?? ''), [text, base64, contentType]);
  const whole = form.kind === 'binary' ? '' : form.text;
  const size = form.kind === 'binary' ? form.bytes.length : whole.length;
  const copyPath = (written: (path: readonly (string | number)[]) => string) => {
    const path = written(jsonPathAt(whole, cursor.current));
    void copyText(path).then((done) => done && toast(t.copied(path === '' ? '""' : path)));
  };
  return (
    <section className={styles['payload']} aria-label={label}>
      {maskedHint === undefined || maskedHint === null ? null : <Note tone="slate">{maskedHint}</Note>}
      <div className={styles['bar']}>
        <span className={styles['type']}>{contentType ?? ''}</span>
        {form.kind === 'json' ? (
          <>
            <Button size="small" tone="ghost" icon={<Braces aria-hidden />} onClick={() => copyPath(jsonataPath)}>
              {t.copyPath}
            </Button>
            <Button size="small" tone="ghost" icon={<Slash aria-hidden />} onClick={() => copyPath(jsonPointer)}>
              {t.copyPointer}
            </Button>
          </>
        ) : null}
        {form.kind === 'binary' ? null : (
          <Button
            size="small"
            tone="ghost"
            icon={<Copy aria-hidden />}
            onClick={() => void copyText(text ?? whole).then((done) => done && toast(t.copiedAll))}
          >
            {t.copyAll}
          </Button>
        )}
        <Button
          size="small"
          tone="ghost"
          icon={<Download aria-hidden />}
          onClick={() => download(form.kind === 'binary' ? form.bytes : (text ?? whole), `${fileName}.${EXTENSIONS[form.kind]}`)}
        >
          {t.download}
        </Button>
      </div>
      {size === 0 ? (
        <p className="soft">{t.empty}</p>
      ) : (
        <Content
          form={form}
          label={label}
          maxHeight={maxHeight}
          onCursor={(at) => {
            cursor.current = at;
          }}
          size={format.bytes(size)}
          shown={format.bytes(HEX_BYTES_MAX)}
        />
      )}
    </section>
  );
}

interface ContentProps {
  form: PayloadForm;
  label: string;
  maxHeight: number;
  onCursor: (offset: number) => void;
  size: string;
  shown: string;
}

function Content({ form, label, maxHeight, onCursor, size, shown }: ContentProps) {
  const t = useTexts();
  if (form.kind === 'binary') {
    return (
      <>
        <p>{form.bytes.length > HEX_BYTES_MAX ? t.binaryPart(size, shown) : t.binary(size)}</p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
        <pre className={styles['hex']} tabIndex={0}>
          {hexLines(form.bytes, HEX_BYTES_MAX)}
        </pre>
      </>
    );
  }
  if (form.kind === 'fields') {
    return (
      <div className={styles['fields']}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.field}</th>
              <th scope="col">{t.value}</th>
            </tr>
          </thead>
          <tbody>
            {form.fields.map(({ name, value }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the same name may come twice, and nothing moves
              <tr key={index}>
                <th scope="row">{name}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    );
  }
  return (
    <CodeEditor value={form.text} language={form.kind} readOnly label={label} minHeight={120} maxHeight={maxHeight} onCursor={onCursor} />
  );
}
