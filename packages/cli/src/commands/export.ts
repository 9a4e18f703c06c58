/** `export`: the hub's spokes, routes and alert rules as a `nave.yaml`. Secrets stay in the hub: `set: true` stands for them, and applying that keeps them. */
import type { Configuration } from '@nave/api-schema';
import { stringify } from 'yaml';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

export const exportConfig: Command = {
  name: 'export',
  summary: 'print spokes, routes and alert rules as a nave.yaml, without secrets',
  usage: [''],
  options: {},
  examples: [['export > nave.yaml', 'applying the file again changes nothing']],
  positionals: { min: 0, max: 0, what: '' },
  async run({ io, json, client }) {
    const config = await client().config.get();
    io.write(
      json ? `${JSON.stringify(config, null, 2)}\n` : stringify(withoutNulls(config), { lineWidth: 140, aliasDuplicateObjects: false }),
    );
    return EXIT.ok;
  },
};

/** Fields of spokes, routes and steps that are null are as good as absent when the file is applied; below them a null may mean something. */
function withoutNulls({ spokes, routes, alerts }: Omit<Configuration, 'alerts'> & Partial<Configuration>) {
  return {
    spokes: Object.fromEntries(Object.entries(spokes).map(([name, spoke]) => [name, present(spoke)])),
    routes: Object.fromEntries(
      Object.entries(routes).map(([name, route]) => [name, { ...present(route), steps: route.steps.map(present) }]),
    ),
    // A hub from before there were alerts has none. `repeat: null` says never.
    ...(alerts === undefined
      ? {}
      : { alerts: Object.fromEntries(Object.entries(alerts).map(([name, rule]) => [name, writtenRule(rule)])) }),
  };
}

function writtenRule(rule: Configuration['alerts'][string]) {
  return { ...rule, when: present(rule.when), notify: rule.notify.map(present) };
}

function present(item: object): object {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null));
}
