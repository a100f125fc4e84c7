import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { serverSentences } from './es/serverSentences.ts';
import { translate } from './serverSentences.ts';

const root = path.join(import.meta.dirname, '..', '..');

/** What people read of a template: every part that is filled in is a number. */
function spoken(node: ts.Expression): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `4${literal.text}`).join('');
}

function expressionsIn(file: string): ts.Expression[] {
  const found: ts.Expression[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)) found.push(node);
    node.forEachChild(look);
  };
  look(ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest, true));
  return found;
}

const checks = new Set(['min', 'max', 'length', 'email', 'refine', 'regex', 'url']);

/** Whether it is the message of a check on a field: `.min(1, 'Enter a name.')`, `{ error: '…' }`. */
function isFieldMessage({ parent }: ts.Expression): boolean {
  if (ts.isPropertyAssignment(parent)) return ['message', 'error', 'empty'].includes(parent.name.getText());
  return ts.isCallExpression(parent) && ts.isPropertyAccessExpression(parent.expression) && checks.has(parent.expression.name.text);
}

const isSentence = (words: string) => /^\p{Lu}.* .*\.$/u.test(words);
const untranslated = (sentences: readonly string[]) => sentences.filter((sentence) => translate(sentence, serverSentences) === undefined);

it('Every sentence about a field of a form is translated', () => {
  const files = readdirSync(path.join(root, 'api/contract')).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const sentences = files.flatMap((file) => expressionsIn(`api/contract/${file}`)).filter(isFieldMessage).flatMap((node) => spoken(node) ?? []).filter(isSentence);
  expect(sentences).toContain('Enter a name.');
  expect(untranslated(sentences)).toEqual([]);
});

it('Every sentence on what to change in the encoder is translated', () => {
  const sentences = ['ingest/media/adviseOnSource.ts', 'ingest/session/missingMedia.ts'].flatMap(expressionsIn).flatMap((node) => spoken(node) ?? []).filter((words) => words.length > 60 && words.endsWith('.'));
  expect(sentences.length).toBeGreaterThan(12);
  expect(untranslated(sentences)).toEqual([]);
});

it('What is filled in is kept, and an unknown sentence has no translation', () => {
  expect(translate('At most 80 characters.', serverSentences)).toBe('Como máximo 80 caracteres.');
  expect(translate('At most 80 characters. Or more.', serverSentences)).toBeUndefined();
  expect(translate('', serverSentences)).toBeUndefined();
});
