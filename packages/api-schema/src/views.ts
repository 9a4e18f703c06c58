/** Saved views: a screen of the dashboard and the filter it is shown with (contract section 5). */
import { type Static, Type } from 'typebox';
import { closed, Id, LIST_QUERY, listOf, Timestamp } from './common.ts';

export const VIEW_SCREENS = ['messages', 'deliveries', 'issues', 'audit'] as const;
export const ViewScreen = Type.Enum([...VIEW_SCREENS]);

const VIEW_INPUT = {
  name: Type.String({
    minLength: 1,
    maxLength: 100,
    pattern: '^[^\\u0000-\\u001f\\u007f]*[^\\u0000-\\u0020\\u007f][^\\u0000-\\u001f\\u007f]*$',
  }),
  screen: ViewScreen,
  query: Type.Record(
    Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_.-]{0,49}$' }),
    Type.String({ maxLength: 2_000, pattern: '^[^\\u0000]*$' }),
    {
      maxProperties: 30,
      additionalProperties: false,
      description: 'Names and values of the filter, as in the query of the list',
    },
  ),
};

export const ViewInput = closed({
  ...VIEW_INPUT,
  shared: Type.Optional(Type.Boolean({ default: false, description: 'Seen by everybody; changed by its owner and by admins' })),
});
export type ViewInput = Static<typeof ViewInput>;

export const View = closed({
  id: Id,
  ...VIEW_INPUT,
  shared: Type.Boolean(),
  owner: Type.String({ description: 'Name of the key that made it' }),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type View = Static<typeof View>;
export const ViewList = listOf(View);

export const ViewQuery = closed({ ...LIST_QUERY, screen: Type.Optional(ViewScreen) });
