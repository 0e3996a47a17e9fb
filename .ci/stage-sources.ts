import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import { glob } from 'tinyglobby';
import ts from 'typescript';

/** What the bundle is made of; tests, tools and examples are not. */
const SOURCES = ['lib/**/*.{ts,json}', 'actions/**/*.ts', 'package.json'];

/**
 * Writes the sources as JavaScript into `stage`: types taken away, `.ts` imports renamed. The bundler's own TypeScript
 * loader does not take `.ts` imports; types are checked by `tsc` in another step.
 *
 * @throws Error when a file is not TypeScript
 */
export async function stageSources(root: string, stage: string): Promise<void> {
  await rm(stage, { recursive: true, force: true });
  // Declarations of others' types are nothing that runs.
  const files = await glob(SOURCES, { cwd: root, absolute: true, ignore: '**/*.d.ts' });
  for (const file of files.sort()) {
    const target = join(stage, relative(root, file));
    await mkdir(dirname(target), { recursive: true });
    if (extname(file) === '.ts')
      await writeFile(target.replace(/\.ts$/, '.js'), javascriptOf(file, await readFile(file, 'utf8')));
    else await cp(file, target);
  }
}

function javascriptOf(fileName: string, source: string): string {
  const { outputText, diagnostics = [] } = ts.transpileModule(source, {
    fileName,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  });
  const [problem] = diagnostics;
  if (problem !== undefined)
    throw new Error(`${fileName}: ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}`);
  return outputText;
}
