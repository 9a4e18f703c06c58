/** The editor of a route: the form or its YAML at the left, a sample and what would become of it at the right, the bar that saves below. */
import { lazy, type ReactNode, Suspense, useMemo, useRef, useState } from 'react';
import { useMay } from '../../api/session.ts';
import { Button } from '../../parts/button.tsx';
import type { EditorProblem } from '../../parts/code-editor/code-editor.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { focusWrong } from '../../parts/focus-wrong.ts';
import { Note } from '../../parts/note.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { pathsOf } from './complete-paths.ts';
import styles from './editor.module.css';
import { useEditorTexts } from './editor-texts.ts';
import { joinProblems, missingFields } from './field-problems.ts';
import { FlowStrip } from './flow-strip.tsx';
import { FormProvider } from './form-context.ts';
import { ModeSection } from './mode-section.tsx';
import { jsonProblem, readSample, type Sample } from './sample.ts';
import { SamplePanel } from './sample-panel.tsx';
import { type SectionProps, SourceSection } from './source-section.tsx';
import { StepsSection } from './steps-section.tsx';
import { TrialPanel } from './trial-panel.tsx';
import type { RouteDraft } from './use-draft.ts';
import { useSimulation } from './use-simulation.ts';

const YamlView = lazy(() => import('./yaml-view.tsx'));

export interface RouteEditorProps {
  draft: RouteDraft;
  name: string;
  /** Given for a new route: its name is still written. */
  onName?: (name: string) => void;
  view: 'form' | 'yaml';
  onView: (view: 'form' | 'yaml') => void;
  /** The message the page was opened for. */
  messageId: string | null;
  saveLabel: string;
  saving: boolean;
  /** What no field shows. */
  error: Error | null;
  onSave: () => void;
  /** More buttons of the bar. */
  actions?: ReactNode;
}

export function RouteEditor(props: RouteEditorProps) {
  const { draft, name, onName, view, onView, messageId, saveLabel, saving, error, onSave, actions } = props;
  const t = useEditorTexts();
  const { document, change } = draft;
  const mayAdmin = useMay('admin');
  const mayTry = useMay('operator');
  const [sample, setSample] = useState<Sample | null>(null);
  const [answers, setAnswers] = useState<Readonly<Record<string, string>>>({});
  const frame = useRef<HTMLDivElement>(null);
  const read = useMemo(() => (sample === null ? null : readSample(sample, document.type)), [sample, document.type]);
  const message = read !== null && 'message' in read ? read.message : null;
  const given = useMemo(() => readAnswers(answers), [answers]);
  const simulation = useSimulation(name, document, message, given.values);
  const missing = useMemo(
    () =>
      draft.tried
        ? [
            ...(onName !== undefined && name.trim() === '' ? [{ path: '/name', message: t.required, position: null }] : []),
            ...missingFields(document, t.required),
          ]
        : [],
    [draft.tried, document, name, onName, t],
  );
  const problems = useMemo(() => joinProblems(draft.refused, simulation.problems, missing), [draft.refused, simulation.problems, missing]);
  const context = useMemo(
    () => ({
      problems,
      readOnly: !mayAdmin,
      pathsBefore: (steps: number) =>
        pathsOf({
          data: message?.data,
          headers: message?.headers ?? {},
          steps: document.steps.slice(0, steps).map((step) => ({ name: step.name, answer: given.values[step.name] })),
        }),
    }),
    [problems, mayAdmin, message, document.steps, given],
  );
  const edit: SectionProps['change'] = (changes) =>
    change((latest) => ({ ...latest, ...(typeof changes === 'function' ? changes(latest) : changes) }));
  const save = () => {
    const lacks = missingFields(document, '').length > 0 || (onName !== undefined && name.trim() === '');
    const mark = () => draft.setTried(true);
    if (lacks || draft.broken) focusWrong(mark, frame.current);
    else {
      mark();
      onSave();
    }
  };
  const elsewhere = problems.filter(({ path }) => !isShown(path, document));
  return (
    <FormProvider value={context}>
      <div ref={frame} className={styles['column']}>
        <FlowStrip document={document} problems={problems} />
        {mayAdmin ? null : <Note>{t.readOnly}</Note>}
        <fieldset className={styles['views']} aria-label={t.view}>
          {(['form', 'yaml'] as const).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={view === one}
              {...(draft.broken && view !== one ? { 'aria-disabled': true, title: t.brokenView } : {})}
              onClick={() => !draft.broken && onView(one)}
            >
              {t[one]}
            </button>
          ))}
        </fieldset>
        <div className={styles['editor']}>
          <div className={styles['column']}>
            {view === 'yaml' ? (
              <Suspense fallback={<Skeleton height={400} />}>
                <YamlView key={draft.generation} document={document} onChange={change} onBroken={draft.setBroken} />
              </Suspense>
            ) : (
              <>
                <SourceSection document={document} change={edit} name={onName === undefined ? null : { value: name, onValue: onName }} />
                <StepsSection document={document} change={edit} />
                <ModeSection document={document} change={edit} name={name} />
              </>
            )}
            {elsewhere.length === 0 || view === 'yaml' ? null : (
              <Note tone="red">
                {t.elsewhere}
                <ul>
                  {elsewhere.map(({ path, message: words }) => (
                    <li key={`${path} ${words}`}>
                      <code>{path === '' ? '/' : path}</code> {words}
                    </li>
                  ))}
                </ul>
              </Note>
            )}
          </div>
          <div className={`${styles['column']} ${styles['side']}`}>
            <SamplePanel
              {...{ name, document, sample, messageId, onSample: setSample }}
              problem={read !== null && 'problem' in read ? read.problem : null}
            />
            <TrialPanel
              {...{ document, message, simulation, mayTry, answers, answerProblems: given.problems }}
              onAnswer={(step, text) => setAnswers((before) => ({ ...before, [step]: text }))}
            />
          </div>
        </div>
        {error === null ? null : <ErrorNote error={error} />}
        <div className={styles['bar']}>
          <span className={styles['said']} role="status">
            {draft.broken ? t.brokenView : problems.length > 0 ? t.problems(problems.length) : draft.dirty ? t.unsaved : t.asStored}
          </span>
          {actions}
          <Button
            tone="primary"
            needs="admin"
            busy={saving}
            disabledReason={draft.broken ? t.brokenView : draft.dirty || onName !== undefined ? null : t.nothing}
            onClick={save}
          >
            {saveLabel}
          </Button>
        </div>
      </div>
    </FormProvider>
  );
}

interface Answers {
  values: Readonly<Record<string, unknown>>;
  problems: Readonly<Record<string, EditorProblem>>;
}

function readAnswers(texts: Readonly<Record<string, string>>): Answers {
  const values: [string, unknown][] = [];
  const problems: [string, EditorProblem][] = [];
  for (const [step, text] of Object.entries(texts)) {
    if (text.trim() === '') continue;
    try {
      values.push([step, JSON.parse(text)]);
    } catch (error) {
      problems.push([step, jsonProblem(error)]);
    }
  }
  return { values: Object.fromEntries(values), problems: Object.fromEntries(problems) };
}

/** Whether a field of the form shows the problem. */
function isShown(path: string, { mode, steps }: { mode: string; steps: readonly unknown[] }): boolean {
  if (/^\/(name|from\/(spoke|type)|when|orderingKey|steps|mode)$/.test(path)) return true;
  const step = /^\/steps\/(\d+)\/(name|to|operation|input)$/.exec(path)?.[1];
  if (step !== undefined) return Number(step) < steps.length;
  return mode === 'reply' && /^\/(timeout|onTimeout|onFailure|onHangup|reply\/(status|body|headers\/[^/]*)|cache\/(key|ttl))$/.test(path);
}
