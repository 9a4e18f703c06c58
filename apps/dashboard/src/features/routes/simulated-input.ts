/** A draft as it can be tried: fields that are still empty get something in their place, and what is then wrong with them is not told. */
import type { RouteInput } from '@nave/api-schema';
import { blank, inputOf, type RouteDocument } from './route-document.ts';

const NOT_CHOSEN = 'not-chosen-yet';

export interface SimulatedInput {
  route: RouteInput;
  /** JSON Pointers of what was put in. */
  gaps: ReadonlySet<string>;
}

export function simulatedInput(document: RouteDocument): SimulatedInput {
  const gaps = new Set<string>();
  const filled = (text: string, path: string, instead: string) => {
    if (!blank(text)) return text;
    gaps.add(path);
    return instead;
  };
  const steps = document.steps.map((step, index) => {
    if (blank(step.to)) gaps.add(`/steps/${index}/operation`);
    return {
      ...step,
      name: filled(step.name, `/steps/${index}/name`, `not-named-${index + 1}`),
      to: filled(step.to, `/steps/${index}/to`, NOT_CHOSEN),
    };
  });
  const route = inputOf({
    ...document,
    spoke: filled(document.spoke, '/from/spoke', NOT_CHOSEN),
    type: filled(document.type, '/from/type', '**'),
    steps,
  });
  return { route, gaps };
}
