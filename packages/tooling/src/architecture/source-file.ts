/** What the architecture test wants to know of one TypeScript file: its imports, its opening words, and syntax that is not welcome. */
import { readFileSync } from 'node:fs';
import { type Expression, parseSync, Visitor } from 'oxc-parser';

export interface Import {
  specifier: string;
  /** Nothing of it is left at run time. */
  typeOnly: boolean;
}

export interface SourceFile {
  /** Relative to the root of the repository, with forward slashes. */
  path: string;
  imports: readonly Import[];
  /** The comment the file opens with, without its stars; empty when there is none. */
  opening: string;
  /** It only passes on what other files export. */
  isBarrel: boolean;
  lineCount: number;
  readsEnvironment: boolean;
  /** Uses of the clock and of chance, such as `Date.now`. */
  impurities: readonly string[];
  /** Syntax that Node cannot erase, such as `enum`. */
  unerasable: readonly string[];
  /** Lines that make a function and assign it to a property in one go (`this.done = () => ...`). */
  functionsOnProperties: readonly number[];
}

/** @throws Error when the file does not parse */
export function readSourceFile(root: string, path: string): SourceFile {
  return parseSourceFile(path, readFileSync(`${root}/${path}`, 'utf8'));
}

export function parseSourceFile(path: string, text: string): SourceFile {
  const { program, module, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const imports: Import[] = [];
  for (const { moduleRequest, entries } of module.staticImports) {
    imports.push({ specifier: moduleRequest.value, typeOnly: entries.length > 0 && entries.every((entry) => entry.isType) });
  }
  for (const entry of module.staticExports.flatMap(({ entries }) => entries)) {
    if (entry.moduleRequest !== null) imports.push({ specifier: entry.moduleRequest.value, typeOnly: entry.isType });
  }
  const isBarrel = program.body.every(
    (node) => node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && node.source !== null),
  );
  const found = {
    environment: false,
    impurities: new Set<string>(),
    unerasable: new Set<string>(),
    functionsOnProperties: new Set<number>(),
  };
  const fromProcess = /^(node:)?process$/;
  if (module.staticImports.some((one) => fromProcess.test(one.moduleRequest.value))) found.environment = true;
  new Visitor({
    ImportExpression: ({ source }) => {
      if (source.type === 'Literal' && typeof source.value === 'string') imports.push({ specifier: source.value, typeOnly: false });
    },
    MemberExpression: ({ object, property }) => {
      if (object.type !== 'Identifier' || property.type !== 'Identifier') return;
      const name = `${object.name}.${property.name}`;
      if (name === 'process.env') found.environment = true;
      if (IMPURE.has(name)) found.impurities.add(name);
    },
    VariableDeclarator: ({ id, init }) => {
      if (init?.type !== 'Identifier' || init.name !== 'process' || id.type !== 'ObjectPattern') return;
      const takes = id.properties.some((one) => one.type === 'RestElement' || (one.key.type === 'Identifier' && one.key.name === 'env'));
      if (takes) found.environment = true;
    },
    NewExpression: ({ callee, arguments: given }) => {
      if (callee.type === 'Identifier' && callee.name === 'Date' && given.length === 0) found.impurities.add('new Date()');
    },
    CallExpression: ({ callee }) => {
      if (callee.type === 'Identifier' && IMPURE.has(callee.name)) found.impurities.add(callee.name);
    },
    AssignmentExpression: ({ left, right, start }) => {
      if (left.type !== 'MemberExpression') return;
      if (unwrapped(right).endsWith('FunctionExpression')) found.functionsOnProperties.add(text.slice(0, start).split('\n').length);
    },
    TSEnumDeclaration: () => void found.unerasable.add('enum'),
    TSModuleDeclaration: ({ declare }) => {
      if (!declare) found.unerasable.add('namespace');
    },
    TSParameterProperty: () => void found.unerasable.add('parameter property'),
    TSImportEqualsDeclaration: () => void found.unerasable.add('import ='),
    TSExportAssignment: () => void found.unerasable.add('export ='),
    Decorator: () => void found.unerasable.add('decorator'),
  }).visit(program);
  const first = comments[0];
  const opens = first !== undefined && text.slice(0, first.start).trim() === '';
  return {
    path,
    imports,
    opening: opens ? first.value.replaceAll(/^\s*\*+/gm, '').trim() : '',
    isBarrel,
    lineCount: text.split('\n').length - 1,
    readsEnvironment: found.environment,
    impurities: [...found.impurities],
    unerasable: [...found.unerasable],
    functionsOnProperties: [...found.functionsOnProperties],
  };
}

/** The type of an expression without the parentheses around it. */
function unwrapped(node: Expression): string {
  return node.type === 'ParenthesizedExpression' ? unwrapped(node.expression) : node.type;
}

const IMPURE = new Set([
  'Date.now',
  'Math.random',
  'performance.now',
  'process.hrtime',
  'crypto.randomUUID',
  'crypto.getRandomValues',
  'randomUUID',
  'randomBytes',
  'randomInt',
  'setTimeout',
  'setInterval',
  'fetch',
]);
