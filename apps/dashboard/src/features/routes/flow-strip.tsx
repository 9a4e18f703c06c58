/** The way of a message through a route, as a strip: where it comes from, under which condition, and each step. */
import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { useEditorTexts } from './editor-texts.ts';
import type { FieldProblem } from './field-problems.ts';
import { blank, type RouteDocument } from './route-document.ts';
import styles from './routes.module.css';

const CONDITION_MAX = 60;

/** @param props.links names of spokes lead to them; not while a route is edited, where a click would leave the page */
export function FlowStrip({
  document,
  problems = [],
  links = false,
}: {
  document: RouteDocument;
  problems?: readonly FieldProblem[];
  links?: boolean;
}) {
  const t = useEditorTexts();
  const wrong = (base: string) => (problems.some(({ path }) => path.startsWith(base)) ? { 'data-wrong': true } : {});
  const spoke = (name: string) =>
    blank(name) ? (
      t.toChoose
    ) : links ? (
      <Link to="/spokes/$name" params={{ name }}>
        {name}
      </Link>
    ) : (
      name
    );
  const when = document.when.trim().replaceAll(/\s+/g, ' ');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, which keys must be able to do
    <ol className={styles['strip']} aria-label={t.flow} tabIndex={0}>
      <li>
        <div className={styles['node']} {...(blank(document.spoke) ? { 'data-missing': true } : {})} {...wrong('/from')}>
          <span className={styles['nodeName']}>{blank(document.type) ? t.toChoose : document.type}</span>
          <span className={styles['nodeMore']}>{spoke(document.spoke)}</span>
        </div>
      </li>
      {when === '' ? null : (
        <li>
          <ChevronRight aria-hidden />
          <div className={styles['node']} {...wrong('/when')}>
            <span className={styles['nodeName']}>{t.conditionSign}</span>
            <code className={styles['nodeMore']}>{when.length > CONDITION_MAX ? `${when.slice(0, CONDITION_MAX)}…` : when}</code>
          </div>
        </li>
      )}
      {document.steps.map(({ id, name, to, operation }, index) => (
        <li key={id}>
          <ChevronRight aria-hidden />
          <div className={styles['node']} {...(blank(to) ? { 'data-missing': true } : {})} {...wrong(`/steps/${index}/`)}>
            <span className={styles['nodeName']}>{blank(name) ? t.stepOf(index + 1) : name}</span>
            <span className={styles['nodeMore']}>
              {spoke(to)}
              {blank(operation) ? '' : ` · ${operation}`}
            </span>
          </div>
        </li>
      ))}
    </ol>
  );
}
