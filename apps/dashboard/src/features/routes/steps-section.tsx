/** The steps of a route, one card each: added, removed and moved by buttons and keys. */
import { Plus } from 'lucide-react';
import { useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { Button } from '../../parts/button.tsx';
import { Panel } from '../../parts/page.tsx';
import styles from './editor.module.css';
import { useEditorTexts } from './editor-texts.ts';
import { useForm, useProblemAt } from './form-context.ts';
import { freeStepName, movedStep, newStep, type StepDocument } from './route-document.ts';
import type { SectionProps } from './source-section.tsx';
import { StepCard } from './step-card.tsx';

const STEPS_MAX = 20;

export function StepsSection({ document: { steps }, change }: SectionProps) {
  const t = useEditorTexts();
  const { readOnly } = useForm();
  const wrong = useProblemAt('/steps');
  const [said, setSaid] = useState('');
  const add = useRef<HTMLButtonElement>(null);
  const set = (index: number, changes: Partial<StepDocument>) =>
    change((latest) => ({ steps: latest.steps.map((step, place) => (place === index ? { ...step, ...changes } : step)) }));
  const move = (index: number, by: -1 | 1) => {
    const step = steps[index];
    const next = movedStep(steps, index, by);
    if (step === undefined || next === steps) return;
    // Moving the card in the document can take the focus from what is in it.
    const held = window.document.activeElement;
    flushSync(() => {
      change({ steps: next });
      setSaid(t.moved(step.name || t.stepOf(index + 1), index + by + 1, steps.length));
    });
    if (held instanceof HTMLElement && held.isConnected) held.focus();
  };
  const remove = (index: number) => {
    flushSync(() => change({ steps: steps.filter((_, place) => place !== index) }));
    add.current?.focus();
  };
  const append = () => {
    const step = newStep(freeStepName(steps));
    // Drawn before the focus goes there: later it would be taken from where a person has gone by then.
    flushSync(() => change({ steps: [...steps, step] }));
    window.document.getElementById(step.id)?.querySelector('input')?.focus();
  };
  return (
    <Panel title={t.steps}>
      <div className={styles['fields']}>
        <p className={styles['help']}>{t.stepsHelp}</p>
        {wrong === null ? null : (
          <p className={styles['wrong']} role="alert">
            {wrong}
          </p>
        )}
        {steps.map((step, index) => (
          <StepCard
            key={step.id}
            step={step}
            index={index}
            count={steps.length}
            onChange={(changes) => set(index, changes)}
            onMove={(by) => move(index, by)}
            onRemove={() => remove(index)}
          />
        ))}
        {readOnly || steps.length >= STEPS_MAX ? null : (
          <div>
            <Button ref={add} icon={<Plus aria-hidden />} onClick={append}>
              {t.add}
            </Button>
          </div>
        )}
        <div className="visually-hidden" aria-live="polite">
          {said}
        </div>
      </div>
    </Panel>
  );
}
