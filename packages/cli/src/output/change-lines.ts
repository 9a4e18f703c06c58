/** Differences between a `nave.yaml` and the hub, as lines: `+` new, `~` changed, `-` deleted. */
import type { ConfigurationChange } from '@nave/api-schema';
import type { Io } from '../io.ts';
import { paint } from './paint.ts';
import { printable } from './printable.ts';

const VALUE_LENGTH_MAX = 200;

export function changeLines(io: Io, items: readonly ConfigurationChange[]): string[] {
  return items.flatMap(({ action, resource, name, changes }) => {
    switch (action) {
      case 'create':
        return [paint(io, 'green', `+ ${resource} ${name}`)];
      case 'delete':
        return [paint(io, 'red', `- ${resource} ${name}`)];
      case 'update':
        return [
          paint(io, 'yellow', `~ ${resource} ${name}`),
          ...changes.map(({ path, from, to }) => `    ${printable(path)}: ${shown(from)} → ${shown(to)}`),
        ];
      default:
        return [];
    }
  });
}

/** `2 created, 1 updated, 0 deleted, 5 unchanged`. */
export function changeCounts(items: readonly ConfigurationChange[]): string {
  const count = (wanted: string) => items.filter(({ action }) => action === wanted).length;
  return `${count('create')} created, ${count('update')} updated, ${count('delete')} deleted, ${count('same')} unchanged`;
}

export function differs(items: readonly ConfigurationChange[]): boolean {
  return items.some(({ action }) => action !== 'same');
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return printable(text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)}…` : text);
}
