/** A `source` spoke has nothing to configure: what it may send is said under `inbound`. */
import { NoCredentials } from '@nave/protocols';
import { Type } from 'typebox';

export const SourceConfig = Type.Object({}, { additionalProperties: false });
export const SourceCredentials = NoCredentials;
