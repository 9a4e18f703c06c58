import { describe, expect, it } from 'vitest';
import { readRoute } from './read-route.ts';
import { documentOf, inputOf } from './route-document.ts';

const route = { from: { spoke: 'shop', type: 'order.*' }, steps: [{ name: 'a', to: 'erp', input: 'data' }] };

function problemsOf(value: unknown) {
  const read = readRoute(value);
  return 'problems' in read ? read.problems.map(({ path, code }) => `${path} ${code}`) : [];
}

describe('reading a route from text', () => {
  it('takes what the form would write, and what the API answers', () => {
    for (const one of [
      route,
      {
        ...route,
        mode: 'reply',
        timeout: '3s',
        reply: { status: 201, headers: { 'X-A': '"b"' }, body: 'steps.a' },
        cache: { key: '$path', ttl: '1s' },
      },
      { ...route, enabled: false, when: 'data.n > 1', onTimeout: 'cancel', mode: 'reply' },
    ]) {
      const read = readRoute({ ...one, version: 4, createdAt: 'x', updatedAt: 'y' });
      expect('route' in read && inputOf(documentOf(read.route))).toEqual(one);
    }
  });

  it('takes half a route: what is missing is said at its field when it is saved', () => {
    expect(problemsOf({ from: {}, steps: [{ name: 'a' }] })).toEqual([]);
  });

  it('reads a plain number or flag as the expression it is', () => {
    const read = readRoute({ ...route, when: true });
    expect('route' in read && read.route.when).toBe('true');
  });

  it.each([
    ['text', 'from: shop', ['  object']],
    ['a list', [], [' object']],
    ['nothing', {}, ['/from missing', '/steps missing']],
    ['an unknown field', { ...route, filter: 'x' }, ['/filter unknown']],
    ['an unknown field of a step', { ...route, steps: [{ name: 'a', to: 'b', mapping: 'x' }] }, ['/steps/0/mapping unknown']],
    ['steps that are no list', { ...route, steps: { a: 1 } }, ['/steps list']],
    ['an input that is no text', { ...route, steps: [{ name: 'a', to: 'b', input: { n: 1 } }] }, ['/steps/0/input text']],
    ['another mode', { ...route, mode: 'sometimes' }, ['/mode choice']],
    ['a flag as text', { ...route, enabled: 'yes' }, ['/enabled flag']],
    ['headers as a list', { ...route, reply: { headers: [] } }, ['/reply/headers object']],
  ])('refuses %s with its place', (_name, value, problems) => {
    expect(problemsOf(value)).toEqual(problems.map((one) => one.replace('  ', ' ')));
  });
});
