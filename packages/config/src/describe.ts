/** The variables as rows for people: start-up summary, example file, documents. */
import { VARIABLES } from './variables.ts';

export interface VariableRow {
  name: string;
  meaning: string;
  default: string | null;
  example: string;
  secret: boolean;
}

export function describe(): VariableRow[] {
  return Object.values(VARIABLES).map(({ name, meaning, default: fallback, example, secret }) => ({
    name,
    meaning,
    default: fallback,
    example,
    secret,
  }));
}
