/** The version of this hub. */
import manifest from '../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;
