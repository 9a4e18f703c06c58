/** Dashboard sign-ins (contract section 3). */
import { type Static, Type } from 'typebox';
import { closed, nullable } from './common.ts';
import { Role } from './key.ts';

const Token = Type.String({ minLength: 1, maxLength: 512 });

/** Either a key, or the token of a single-use link. */
export const SessionCreate = Type.Union([closed({ key: Token }), closed({ link: Token })]);
export type SessionCreate = Static<typeof SessionCreate>;

/** Who asks: what a sign-in answers, and `GET /session` for cookies and keys alike. */
export const Session = closed({
  name: Type.String({ description: 'Name of the key' }),
  role: Role,
  expiresAt: nullable(
    Type.String({
      format: 'date-time',
      description: 'When the sign-in or its key ends, whichever is first; null for a key without an end',
    }),
  ),
  version: Type.String({ description: 'Version of the hub' }),
  retention: Type.String({ description: 'How long messages and deliveries are kept, such as 90d' }),
});
export type Session = Static<typeof Session>;
