// Responsible for refusing the queries of a collection that would read documents which do not match, because no declared index
// serves them. Owns nothing that needs closing.
import { declaredIndexes } from './declaration.ts';
import type { CollectionDeclaration, DeclaredIndex } from './declaration.ts';
import { isScalar } from './parseFilter.ts';
import type { FieldCondition, FilterNode } from './parseFilter.ts';
import type { Query } from './parseSelection.ts';

const idIndex: DeclaredIndex = { name: '_id_', keys: [['_id', 1]], isUnique: true, isSparse: false };

const ranges: ReadonlySet<string> = new Set(['$gt', '$gte', '$lt', '$lte']);

export class ServedQueries {
  readonly #collection: string;
  readonly #indexes: readonly DeclaredIndex[];

  constructor(declaration: CollectionDeclaration) {
    this.#collection = declaration.name;
    this.#indexes = [idIndex, ...declaredIndexes(declaration)];
  }

  /**
   * A filter is served when the first field of an index has an equality, an `$in` or a range in it; in a sparse index also
   * `$exists: true`. Each branch of an `$or` needs that. The empty filter reads what it returns; its sort must be the order of an
   * index.
   * @throws TypeError
   */
  assertServed({ filter, sort }: Pick<Query, 'filter' | 'sort'>): void {
    if (isEmpty(filter)) {
      if (sort.length === 0 || this.#indexes.some((index) => hasOrder(index, sort))) return;
      throw new TypeError(`${this.#collection}: no declared index has the order ${sort.map(([path]) => path).join(', ')}`);
    }
    if (this.#isServed(filter)) return;
    throw new TypeError(`${this.#collection}: no declared index serves a filter on ${[...new Set(pathsOf(filter))].join(', ')}; declare one that begins with one of these fields`);
  }

  #isServed(node: FilterNode): boolean {
    if ('any' in node) return node.any.every((branch) => this.#isServed(branch));
    if ('all' in node) return node.all.some((part) => this.#isServed(part));
    return this.#indexes.some((index) => index.keys[0]?.[0] === node.path && serves(index, node));
  }
}

function serves({ isSparse }: DeclaredIndex, { operator, operand }: FieldCondition): boolean {
  if (ranges.has(operator)) return true;
  if (operator === '$exists') return isSparse && operand === true;
  // A sparse index leaves out the documents without the field, which null matches.
  if (operator === '$eq') return isScalar(operand) && !(isSparse && operand === null);
  return operator === '$in' && Array.isArray(operand) && !(isSparse && operand.includes(null));
}

function isEmpty(node: FilterNode): boolean {
  return 'all' in node && node.all.every(isEmpty);
}

/** True when the index has the order of the sort, forward or backward. A sparse index leaves documents out. */
function hasOrder({ keys, isSparse }: DeclaredIndex, sort: Query['sort']): boolean {
  const forward = keys[0]?.[1] === sort[0]?.[1] ? 1 : -1;
  return !isSparse && sort.every(([path, direction], i) => keys[i]?.[0] === path && keys[i][1] * forward === direction);
}

function pathsOf(node: FilterNode): string[] {
  if ('any' in node) return node.any.flatMap(pathsOf);
  if ('all' in node) return node.all.flatMap(pathsOf);
  return [node.path];
}
