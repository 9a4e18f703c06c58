/** A message delivered anew: by all routes or one, as it is or as it was in a version. */
import type { Message } from '@nave/api-schema';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { hub } from '../../api/client.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Field, Select } from '../../parts/field.tsx';
import { toast } from '../../parts/toasts.tsx';
import { useActionTexts } from './action-texts.ts';

export function ReplayDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const t = useActionTexts();
  const [route, setRoute] = useState('');
  const [version, setVersion] = useState('');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const routes = useQuery({ queryKey: ['routes', 'names'], queryFn: routeSources });
  const versions = useQuery({
    queryKey: ['routes', route, 'versions'],
    queryFn: () => hub.routes.versions(route).list({ limit: 50 }),
    enabled: route !== '',
  });
  const used = message.deliveries.map((delivery) => delivery.route);
  const own = routes.data?.filter(({ spoke }) => spoke === message.source).map(({ name }) => name) ?? [];
  const names = [...new Set([...used, ...own])].sort();
  const replay = useMutation({
    mutationFn: () =>
      hub.messages.replay(message.id, {
        ...(route === '' ? {} : { route }),
        ...(route === '' || version === '' ? {} : { routeVersion: Number(version) }),
      }),
    async onSuccess({ deliveries }) {
      const [first] = deliveries;
      toast(t.replay.done(deliveries.length), {
        action: {
          label: t.show,
          run: () =>
            void navigate({ to: '/messages/$id', params: { id: message.id }, search: first === undefined ? {} : { delivery: first } }),
        },
      });
      onClose();
      await Promise.all(['messages', 'deliveries'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
    },
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t.replay.title}
      action={t.replay.action}
      busy={replay.isPending}
      error={replay.error}
      onConfirm={() => replay.mutate()}
    >
      <Field label={t.replay.route}>
        <Select
          value={route}
          onValue={(next) => {
            setRoute(next);
            setVersion('');
          }}
          options={[{ value: '', label: t.replay.allRoutes }, ...names.map((name) => ({ value: name, label: name }))]}
        />
      </Field>
      {route === '' ? null : (
        <Field label={t.replay.version}>
          <Select
            value={version}
            onValue={setVersion}
            options={[
              { value: '', label: t.replay.newest(versions.data?.items[0]?.version ?? null) },
              ...(versions.data?.items ?? []).map((each) => ({ value: String(each.version), label: t.replay.versionOf(each.version) })),
            ]}
          />
        </Field>
      )}
      <p>
        {t.replay.happens(route === '' ? t.replay.ofAll : t.replay.ofOne(route))} {t.audited}
      </p>
    </ConfirmDialog>
  );
}

async function routeSources(): Promise<{ name: string; spoke: string }[]> {
  const found: { name: string; spoke: string }[] = [];
  for await (const { name, from } of hub.routes.all({}, { itemsMax: 2_000 })) found.push({ name, spoke: from.spoke });
  return found;
}
