import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import ts from 'typescript';

/** The rooms that know the process they run in. */
const ALLOWED = 'lib/cli/**';
/** What of `process` belongs to the user of the program and is handed down as an argument. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  'env',
  'argv',
  'exitCode',
  'exit',
  'stdin',
  'stdout',
  'stderr',
  'chdir',
]);

/** `file:line: what` for every place in lib/ that reaches for the process's environment, arguments, streams or end. */
export async function environmentReads(root: string): Promise<readonly string[]> {
  const files = await glob('lib/**/*.ts', { cwd: root, ignore: [ALLOWED] });
  const found = await Promise.all(
    files.sort().map(async (file) => processUses(file, await readFile(join(root, file), 'utf8'))),
  );
  return found.flat();
}

/** The forbidden uses of `process` in one file: as a member, by destructuring, or imported from node:process. */
export function processUses(file: string, text: string): readonly string[] {
  // Most files never name it, and to parse them all takes seconds.
  if (!text.includes('process')) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const report = (node: ts.Node, member: string): void => {
    if (!FORBIDDEN.has(member)) return;
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    found.push(`${file}:${line + 1}: process.${member} belongs to actions/ and lib/cli/; pass it in`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && isProcess(node.expression)) report(node, node.name.text);
    if (
      ts.isElementAccessExpression(node) &&
      isProcess(node.expression) &&
      ts.isStringLiteral(node.argumentExpression)
    ) {
      report(node, node.argumentExpression.text);
    }
    if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name) && isProcess(node.initializer)) {
      for (const element of node.name.elements) report(element, (element.propertyName ?? element.name).getText(source));
    }
    if (ts.isImportSpecifier(node) && /^['"](node:)?process['"]$/.test(moduleOf(node).getText(source))) {
      report(node, (node.propertyName ?? node.name).text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isProcess(node: ts.Node | undefined): boolean {
  if (node === undefined) return false;
  if (ts.isIdentifier(node)) return node.text === 'process';
  return (
    ts.isPropertyAccessExpression(node) && node.name.text === 'process' && node.expression.getText() === 'globalThis'
  );
}

function moduleOf(node: ts.ImportSpecifier): ts.Expression {
  return node.parent.parent.parent.moduleSpecifier;
}
