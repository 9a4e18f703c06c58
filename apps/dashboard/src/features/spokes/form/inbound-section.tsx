/** How messages come from the system: verification, with a secret made on the spot, and what is read from the body. */
import type { Kind } from '@nave/api-schema';
import { KeyRound } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from '../../../parts/button.tsx';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { Note } from '../../../parts/note.tsx';
import { withField } from '../../../parts/schema-form/first-value.ts';
import { isJsonObject, type JsonObject, ownValue, propertiesOf } from '../../../parts/schema-form/schema-shape.ts';
import { Switch } from '../../../parts/switch.tsx';
import { FormPart } from './form-part.tsx';
import { useFormWords } from './form-texts.ts';
import { makesSecret, newSecret } from './new-secret.ts';
import styles from './spoke-form.module.css';
import { inboundSchema, verifySchema } from './spoke-schemas.ts';
import type { SpokeDraft } from './use-draft.ts';

export interface SectionProps {
  kind: Kind;
  draft: SpokeDraft;
  disabled: boolean;
}

export function InboundSection({ kind, draft, disabled, always }: SectionProps & { /** It cannot be switched off. */ always: boolean }) {
  const t = useFormWords();
  const inbound = ownValue(draft.document, 'inbound');
  const on = isJsonObject(inbound);
  const change = (next: JsonObject | null) => draft.change(withField(draft.document, 'inbound', next));
  const schemas = useMemo(() => ({ usual: inboundSchema('usual', t.inbound), rest: inboundSchema('rest', t.inbound) }), [t]);
  const [opened, setOpened] = useState(false);
  const rest = Object.keys(propertiesOf(schemas.rest));
  const places = [...draft.errors, ...(draft.tried ? draft.problems : [])];
  const wrong = rest.some((name) => places.some(({ path }) => path === `/inbound/${name}` || path.startsWith(`/inbound/${name}/`)));
  const form = {
    ...{ draft, disabled, value: inbound, basePath: '/inbound' },
    onChange: (next: unknown) => change(isJsonObject(next) ? next : {}),
  };
  return (
    <>
      {always ? null : (
        <Switch
          label={t.receives}
          help={t.receivesHelp}
          checked={on}
          disabledReason={disabled ? '' : null}
          onChecked={(next) => change(next ? { verify: { scheme: kind.verify[0] ?? 'none' } } : null)}
        />
      )}
      {on ? (
        <>
          <Verify kind={kind} draft={draft} disabled={disabled} inbound={inbound} onChange={change} />
          <FormPart part="inbound" label={t.sections.inbound} schema={schemas.usual} {...form} />
          <details className={styles['rest']} open={opened || wrong} onToggle={(event) => setOpened(event.currentTarget.open)}>
            <summary>{t.rest(rest.filter((name) => ownValue(inbound, name) != null).length)}</summary>
            {opened || wrong ? <FormPart part="inbound-rest" label={t.sections.inbound} schema={schemas.rest} {...form} /> : null}
          </details>
        </>
      ) : null}
    </>
  );
}

function Verify({
  kind,
  draft,
  disabled,
  inbound,
  onChange,
}: SectionProps & { inbound: JsonObject; onChange: (inbound: JsonObject) => void }) {
  const t = useFormWords();
  const verify = inbound['verify'];
  const schema = useMemo(() => verifySchema(kind.verifySchemes, verify), [kind, verify]);
  const set = (next: unknown) => onChange(withField(inbound, 'verify', next));
  const one = isJsonObject(verify) ? verify : null;
  const scheme = ownValue(one, 'scheme');
  const name = typeof scheme === 'string' ? scheme : '';
  const info = kind.verifySchemes.find((each) => each.scheme === name);
  const secret = ownValue(one, 'secret');
  return (
    <div className={styles['verify']}>
      <h3>{t.verify}</h3>
      <FormPart
        key={Array.isArray(verify) ? 'several' : 'one'}
        label={t.verify}
        schema={schema}
        value={verify ?? {}}
        onChange={set}
        basePath="/inbound/verify"
        part="verify"
        draft={draft}
        disabled={disabled}
      />
      {info?.proves === 'nothing' ? <Note tone="amber">{t.weak}</Note> : null}
      {info?.proves === 'origin' ? <Note tone="amber">{t.origin}</Note> : null}
      {one !== null && makesSecret(name) && typeof secret === 'string' && secret !== '' ? (
        <Note tone="blue" icon={<KeyRound aria-hidden />} action={<CopyButton text={secret} what={t.secret} />}>
          {t.generated}
          <div className={styles['secret']}>{secret}</div>
        </Note>
      ) : null}
      {disabled ? null : (
        <div className={styles['buttons']}>
          {one !== null && makesSecret(name) ? (
            <Button
              size="small"
              icon={<KeyRound aria-hidden />}
              title={t.generateHelp}
              onClick={() => set(withField(one, 'secret', newSecret(name)))}
            >
              {t.generate}
            </Button>
          ) : null}
          {one === null ? (
            <Button size="small" onClick={() => set(Array.isArray(verify) ? verify[0] : {})}>
              {t.one}
            </Button>
          ) : (
            <Button size="small" onClick={() => set([one, { scheme: 'ip-allow', cidrs: [] }])}>
              {t.several}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
