/** Offers functions, variables and the caller's paths while an expression is written. */
import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import type { CodeEditorProps } from './code-editor.tsx';
import { functionCompletions, writtenAt } from './jsonata-completion.ts';

type Complete = NonNullable<CodeEditorProps['complete']>;

const OFFERED_MAX = 200;
const FUNCTIONS = functionCompletions().map((each) => ({ ...each, type: 'function' }));

/** @param current the caller's `complete`, asked anew each time so that it may change */
export function jsonataCompletion(current: () => Complete | undefined): Extension {
  return autocompletion({
    icons: false,
    override: [(context) => offer(context, current())],
  });
}

async function offer(context: CompletionContext, complete: Complete | undefined): Promise<CompletionResult | null> {
  const line = context.state.doc.lineAt(context.pos);
  const written = writtenAt(context.state.sliceDoc(line.from, context.pos));
  if (written === null || (written.text === '' && !context.explicit)) return null;
  const paths = await asked(complete, written.text);
  const options = [
    ...paths
      .slice(0, OFFERED_MAX)
      .map(({ label, detail }) => ({ label, type: 'property', boost: 1, ...(detail === undefined ? {} : { detail }) })),
    ...(written.kind === 'variable' || written.text === '' ? FUNCTIONS : []),
  ];
  return options.length === 0 ? null : { from: line.from + written.from, options, validFor: /^[$\p{L}\p{N}_`]*$/u };
}

/** Nothing is offered when the paths cannot be had: writing goes on without. */
async function asked(complete: Complete | undefined, prefix: string): Promise<readonly { label: string; detail?: string }[]> {
  try {
    return (await complete?.(prefix)) ?? [];
  } catch {
    return [];
  }
}
