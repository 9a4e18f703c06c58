/** The hub this page came from; the session cookie says who asks. */
import { createClient } from '@nave/sdk';

export const hub = createClient({ url: window.location.origin, key: null });
