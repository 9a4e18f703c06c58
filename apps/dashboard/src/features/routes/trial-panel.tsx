/** What a draft would do with the sample, step by step. Nothing is sent. */
import type { RouteSimulation, SampleMessage } from '@nave/api-schema';
import { CircleCheck, CircleSlash } from 'lucide-react';
import { CodeEditor, type EditorProblem } from '../../parts/code-editor/code-editor.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Note } from '../../parts/note.tsx';
import { Panel } from '../../parts/page.tsx';
import styles from './editor.module.css';
import { problemsAt, useForm } from './form-context.ts';
import type { RouteDocument } from './route-document.ts';
import { useTrialTexts } from './trial-texts.ts';
import type { SimulationState } from './use-simulation.ts';

export interface TrialPanelProps {
  document: RouteDocument;
  message: SampleMessage | null;
  simulation: SimulationState;
  mayTry: boolean;
  /** Texts of sample answers, by the name of the step. */
  answers: Readonly<Record<string, string>>;
  onAnswer: (step: string, text: string) => void;
  answerProblems: Readonly<Record<string, EditorProblem>>;
}

export function TrialPanel({ document, message, simulation, mayTry, answers, onAnswer, answerProblems }: TrialPanelProps) {
  const t = useTrialTexts();
  const { result, error, pending } = simulation;
  const asked = new Set(result?.steps.flatMap(({ needs }) => needs) ?? []);
  return (
    <Panel title={t.result} actions={<span className="soft">{pending && result === null ? t.trying : t.nothingSent}</span>}>
      <div className={styles['fields']} aria-busy={pending}>
        {!mayTry ? <Note>{t.needsOperator}</Note> : message === null && result === null ? <p className="soft">{t.empty}</p> : null}
        {error === null ? null : <ErrorNote error={error} />}
        {result === null ? null : (
          <>
            <div role="status">
              <Verdict result={result} document={document} message={message} />
            </div>
            <dl className={styles['lane']}>
              <dt>{t.lane}</dt>
              <dd className={result.orderingKey === null ? 'soft' : 'mono'}>
                {result.orderingKey ?? (document.orderingKey.trim() === '' ? t.laneOfSpoke : t.noLane)}
              </dd>
            </dl>
            <ol className={styles['results']}>
              {result.steps.map((step, index) => (
                <li key={document.steps[index]?.id ?? step.name}>
                  <StepResult
                    step={step}
                    index={index}
                    named={document.steps[index]?.name ?? step.name}
                    to={document.steps[index]?.to ?? step.to}
                  />
                  {asked.has(step.name) || (answers[step.name] ?? '') !== '' ? (
                    <Answer
                      step={step.name}
                      text={answers[step.name] ?? ''}
                      onAnswer={onAnswer}
                      problem={answerProblems[step.name] ?? null}
                    />
                  ) : null}
                </li>
              ))}
            </ol>
          </>
        )}
      </div>
    </Panel>
  );
}

/** Whether the route takes the message, and if not, all that is against it. */
function Verdict({
  result: { matches, takes },
  document,
  message,
}: {
  result: RouteSimulation;
  document: RouteDocument;
  message: SampleMessage | null;
}) {
  const t = useTrialTexts();
  const against = [
    ...(matches.source ? [] : [t.notSource(document.spoke, message?.source ?? '')]),
    ...(matches.type ? [] : [t.notType(document.type, message?.type ?? '')]),
    ...(matches.when === true ? [] : [matches.when === null ? t.whenFailed : t.notWhen]),
    ...(document.enabled ? [] : [t.disabled]),
  ];
  if (against.length === 0) {
    return (
      <Note tone="green" icon={<CircleCheck aria-hidden />}>
        {takes ? t.taken : matches.reason}
      </Note>
    );
  }
  return (
    <Note tone="amber" icon={<CircleSlash aria-hidden />}>
      {against.join(' ')}
    </Note>
  );
}

function StepResult({ step, index, named, to }: { step: RouteSimulation['steps'][number]; index: number; named: string; to: string }) {
  const t = useTrialTexts();
  const { problems } = useForm();
  const own = [...problemsAt(problems, `/steps/${index}/input`), ...problemsAt(problems, `/steps/${index}/operation`)];
  const target = [to === '' ? '…' : to, step.operation].filter((one) => one !== null).join('.');
  return (
    <>
      <h3 className={styles['resultHead']}>
        <span className={styles['place']} aria-hidden>
          {index + 1}
        </span>
        {named}
      </h3>
      {step.known ? (
        <>
          <p className={styles['help']}>{t.gets(target)}</p>
          <CodeEditor
            value={JSON.stringify(step.input, null, 2)}
            language="json"
            label={`${named}: ${t.gets(target)}`}
            minHeight={30}
            maxHeight={300}
            readOnly
          />
          {own.map(({ message }) => (
            <p key={message} className={styles['wrong']}>
              {message}
            </p>
          ))}
        </>
      ) : step.needs.length > 0 ? (
        <Note tone="blue">{t.needs(step.needs.join(', '))}</Note>
      ) : (
        <p className={styles['wrong']}>{own[0]?.message ?? t.nothing}</p>
      )}
    </>
  );
}

interface AnswerProps {
  step: string;
  text: string;
  onAnswer: (step: string, text: string) => void;
  problem: EditorProblem | null;
}

function Answer({ step, text, onAnswer, problem }: AnswerProps) {
  const t = useTrialTexts();
  return (
    <div className={styles['expression']}>
      <span className={styles['label']}>{t.answerShort}</span>
      <CodeEditor
        value={text}
        onChange={(next) => onAnswer(step, next)}
        language="json"
        label={t.answer(step)}
        minHeight={52}
        maxHeight={220}
        problems={problem === null ? [] : [problem]}
        invalid={problem !== null}
        placeholder='{ "number": "I-1" }'
      />
      {problem === null ? null : (
        <p className={styles['wrong']} role="alert">
          {t.json(problem.message)}
        </p>
      )}
    </div>
  );
}
