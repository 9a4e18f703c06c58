/** The declarative state as people write it: what is null is left out where that means the same. */
import type { Configuration } from '@nave/api-schema';

export function configDocument({ spokes, routes, alerts }: Configuration): object {
  return {
    spokes: mapped(spokes, present),
    routes: mapped(routes, (route) => ({ ...present(route), steps: route.steps.map(present) })),
    // `repeat: null` of a rule says never, so rules keep their nulls.
    alerts: mapped(alerts, (rule) => ({ ...rule, when: present(rule.when), notify: rule.notify.map(present) })),
  };
}

function mapped<T>(named: Readonly<Record<string, T>>, change: (item: T) => object): Record<string, object> {
  return Object.fromEntries(Object.entries(named).map(([name, item]) => [name, change(item)]));
}

function present(item: object): object {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null));
}
