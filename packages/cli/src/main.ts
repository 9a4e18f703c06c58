/** `nave`: the command line of the hub. */
import { processIo } from './environment.ts';
import { run } from './run.ts';

// `nave messages | head` ends when head has enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await run(process.argv.slice(2), processIo());
