/** Dashboard sign-ins (contract section 3). */
import { type Static, Type } from 'typebox';
import { closed, Timestamp } from './common.ts';
import { Role } from './key.ts';

const Token = Type.String({ minLength: 1, maxLength: 512 });

/** Either a key, or the token of a single-use link. */
export const SessionCreate = Type.Union([closed({ key: Token }), closed({ link: Token })]);
export type SessionCreate = Static<typeof SessionCreate>;

export const Session = closed({ name: Type.String({ description: 'Name of the key' }), role: Role, expiresAt: Timestamp });
export type Session = Static<typeof Session>;
