/** The form of a spoke, made from the schemas of its kind: what is needed open, the rest one click away. */
import type { Kind } from '@nave/api-schema';
import { useMemo } from 'react';
import { Note } from '../../../parts/note.tsx';
import { isJsonObject, ownValue } from '../../../parts/schema-form/schema-shape.ts';
import { FormPart } from './form-part.tsx';
import { FormSection } from './form-section.tsx';
import { useFormWords } from './form-texts.ts';
import { InboundSection } from './inbound-section.tsx';
import { PollingSection, pollsOf } from './polling-section.tsx';
import { hasCredentials, isSource, setField } from './spoke-document.ts';
import styles from './spoke-form.module.css';
import { connectionSchema, operationsSchema, policySchema, pollsSchema } from './spoke-schemas.ts';
import type { SpokeDraft } from './use-draft.ts';

export function SpokeForm({ kind, draft, disabled = false }: { kind: Kind; draft: SpokeDraft; disabled?: boolean }) {
  const t = useFormWords();
  const { document, errors } = draft;
  const schemas = useMemo(
    () => ({
      connection: connectionSchema(kind),
      operations: operationsSchema(kind),
      polls: pollsSchema(kind),
      policy: policySchema(kind),
    }),
    [kind],
  );
  const polls = pollsOf(kind, document);
  const inbound = ownValue(document, 'inbound');
  const policy = ownValue(document, 'policy');
  const source = isSource(kind);
  const wrong = (...bases: string[]) => {
    const places = [...errors, ...(draft.tried ? draft.problems : [])];
    return places.some(({ path }) => bases.some((base) => path === base || path.startsWith(`${base}/`)));
  };
  const part = (name: string, basePath: string) => ({
    ...{ part: name, draft, basePath, disabled },
    value: ownValue(document, basePath.slice(1)) ?? {},
    onChange: (value: unknown) => draft.change(setField(document, basePath.slice(1), value)),
  });
  // What no field shows still has to be told.
  const elsewhere = errors.filter(({ path }) => !/^\/(?:config|credentials|policy|inbound|title|name|enabled)(?:\/|$)/.test(path));
  return (
    <div className={styles['form']}>
      {elsewhere.length === 0 ? null : (
        <Note tone="red">
          {t.otherFields}
          <ul>
            {elsewhere.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                <code>{path === '' ? '/' : path}</code> {message}
              </li>
            ))}
          </ul>
        </Note>
      )}
      {source ? null : (
        <FormSection title={t.sections.connection} open wrong={wrong('/config')}>
          <FormPart label={t.sections.connection} schema={schemas.connection} {...part('connection', '/config')} />
        </FormSection>
      )}
      {hasCredentials(kind) ? (
        <FormSection title={t.sections.credentials} open wrong={wrong('/credentials')}>
          <FormPart label={t.sections.credentials} schema={kind.credentials} {...part('credentials', '/credentials')} />
        </FormSection>
      ) : null}
      {schemas.operations === null ? null : (
        <FormSection title={t.sections.operations} help={t.help.operations} open wrong={wrong('/config/operations')}>
          <FormPart label={t.sections.operations} schema={schemas.operations} {...part('operations', '/config')} />
        </FormSection>
      )}
      <FormSection
        title={t.sections.inbound}
        help={t.help.inbound}
        open={source || (isJsonObject(inbound) && inbound['verify'] !== undefined)}
        wrong={wrong('/inbound')}
      >
        <InboundSection kind={kind} draft={draft} disabled={disabled} always={source} />
      </FormSection>
      {polls.length === 0 && schemas.polls === null ? null : (
        <FormSection
          title={t.sections.polling}
          help={t.help.polling}
          open={isJsonObject(ownValue(inbound, 'poll'))}
          wrong={wrong('/inbound/poll', '/config/polls')}
        >
          {schemas.polls === null ? null : <FormPart label={t.sections.polling} schema={schemas.polls} {...part('polls', '/config')} />}
          <PollingSection kind={kind} draft={draft} disabled={disabled} />
        </FormSection>
      )}
      {source ? null : (
        <FormSection
          title={t.sections.policy}
          help={t.help.policy}
          open={isJsonObject(policy) && Object.keys(policy).length > 0}
          wrong={wrong('/policy')}
        >
          <FormPart label={t.sections.policy} schema={schemas.policy} {...part('policy', '/policy')} />
        </FormSection>
      )}
    </div>
  );
}
