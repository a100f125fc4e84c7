import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

// The pages show words of `player/text` only, so that no sentence stays English on a Spanish page.

const root = path.join(import.meta.dirname, '..');
const letters = /\p{L}/u;
/** Attributes and fields whose text people read or hear. */
const wordy = new Set(['title', 'aria-label', 'placeholder', 'alt', 'label', 'hint', 'head', 'text', 'message', 'confirmLabel', 'submitLabel', 'intro', 'error', 'children']);
/** Folders without pages: tests, the programs around them, and the texts themselves. */
const noPages = /(^|\/)(e2e|testing|dist|demo|text|node_modules)\/|\.test\.tsx?$|compressedFiles|vite\.config/;

interface Source {
  file: string;
  tree: ts.SourceFile;
}

function parse(file: string, code: string): Source {
  return { file, tree: ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true, file.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS) };
}

const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !noPages.test(file))
  .map((file) => parse(file, readFileSync(path.join(root, file), 'utf8')));

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  node.forEachChild((child) => visit(child, look));
}

const placeOf = ({ file, tree }: Source, node: ts.Node) => `${file}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${node.getText().trim()}`;

/** Texts in JSX, and values of wordy attributes and fields, that are written where they are used. */
function literalsIn(source: Source): string[] {
  const found: string[] = [];
  visit(source.tree, (node) => {
    if (ts.isJsxText(node) && letters.test(node.text)) found.push(placeOf(source, node));
    if (isWords(node) && isShown(node)) found.push(placeOf(source, node));
  });
  return found;
}

function isWords(node: ts.Node): boolean {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return letters.test(node.text);
  return ts.isTemplateExpression(node) && [node.head, ...node.templateSpans.map(({ literal }) => literal)].some(({ text }) => letters.test(text));
}

/** The literal is the value of a wordy name or a child of an element, also through `? :`, `??`, `||` and `&&`. */
function isShown(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isConditionalExpression(parent)) return parent.condition !== node && isShown(parent);
  if (ts.isBinaryExpression(parent)) return ['??', '||', '&&'].includes(parent.operatorToken.getText()) && isShown(parent);
  if (ts.isParenthesizedExpression(parent)) return isShown(parent);
  if (ts.isJsxExpression(parent)) return ts.isJsxElement(parent.parent) || ts.isJsxFragment(parent.parent) || isShown(parent);
  if (ts.isJsxAttribute(parent)) return wordy.has(parent.name.getText());
  return ts.isPropertyAssignment(parent) && wordy.has(parent.name.getText().replaceAll("'", '')) && parent.initializer === node;
}

/** Reads of `text.…` while the module is loaded: they would stay in the language of the first moment. */
function earlyReadsIn(source: Source): string[] {
  const found: string[] = [];
  visit(source.tree, (node) => {
    if (!ts.isPropertyAccessExpression(node) || node.expression.getText() !== 'text') return;
    if (!ts.findAncestor(node, (each) => ts.isFunctionLike(each) || ts.isTypeNode(each))) found.push(placeOf(source, node));
  });
  return found;
}

describe('the pages', () => {
  it('show no words that are not in the texts', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.flatMap(literalsIn)).toEqual([]);
  });

  it('read the texts when they are shown, so that they follow a change of the language', () => {
    expect(sources.filter(({ tree }) => tree.text.includes('/text/index.ts')).flatMap(earlyReadsIn)).toEqual([]);
  });
});

describe('this test', () => {
  const shown = (code: string) => literalsIn(parse('page.tsx', code)).map((place) => place.replace(/^\S+ /, ''));

  it('finds words in elements, in wordy attributes and in wordy fields', () => {
    expect(shown('const a = <p>Hello {name}</p>;')).toEqual(['Hello']);
    expect(shown('const a = <p>{isOpen ? "Open" : text.closed}</p>;')).toEqual(['"Open"']);
    expect(shown('const a = <img alt="A face" class="face" />;')).toEqual(['"A face"']);
    expect(shown('const a = <b title={name ?? `Nobody of ${count}`} />;')).toEqual(['`Nobody of ${count}`']);
    expect(shown("showToast({ text: 'Saved.', tone: 'danger' });")).toEqual(["'Saved.'"]);
  });

  it('passes what is no language: signs, names of classes, keys and comparisons', () => {
    expect(shown('const a = <p class="quiet" key="b">{a} · {b === "c" ? text.c : null}</p>;')).toEqual([]);
  });

  it('finds texts that are read when the module is loaded', () => {
    const early = (code: string) => earlyReadsIn(parse('page.ts', code));
    expect(early('const words = text.home;')).toHaveLength(1);
    expect(early('const words = () => text.home; function a() { return text.b; }')).toEqual([]);
  });
});
