/** The filter of a list as callers give it: all fields optional, several values as an array. */
import type { Static, TSchema } from 'typebox';

export type QueryOf<S extends TSchema> = {
  readonly [Name in Exclude<keyof Static<S> & string, 'limit' | 'cursor'>]?: string | readonly string[] | undefined;
};
