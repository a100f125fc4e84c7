// Responsible for what a collection's indexes can hold: one scalar for each path. Owns nothing that needs closing.
import type { Change } from './compileUpdate.ts';
import { declaredIndexes } from './declaration.ts';
import type { CollectionDeclaration } from './declaration.ts';
import { isPlainObject } from './storableDocument.ts';
import type { JsonObject } from './storableDocument.ts';

const setters: ReadonlySet<string> = new Set(['$set', '$setOnInsert', '$max', '$min']);
const arrayOperators: ReadonlySet<string> = new Set(['$push', '$addToSet']);

function nested(segments: readonly string[], value: unknown): JsonObject {
  return segments.reduceRight<unknown>((inner, segment) => ({ [segment]: inner }), value) as JsonObject;
}

export class IndexedPaths {
  readonly #collection: string;
  readonly #paths: readonly string[][];

  constructor(declaration: CollectionDeclaration) {
    this.#collection = declaration.name;
    const paths = new Set(['_id', ...declaredIndexes(declaration).flatMap(({ keys }) => keys.map(([path]) => path))]);
    this.#paths = [...paths].map((path) => path.split('.'));
  }

  /**
   * SQLite has one key per document and index. MongoDB indexes an array with one key per element, which the port does not support.
   * @throws TypeError when an indexed field holds an array or an object
   */
  assertIndexable(document: JsonObject): void {
    for (const segments of this.#paths) {
      let value: unknown = document;
      for (const segment of segments) {
        value = isPlainObject(value) ? value[segment] : undefined;
        if (Array.isArray(value)) this.#refuse(segments, 'an array');
      }
      if (isPlainObject(value)) this.#refuse(segments, 'an object');
    }
  }

  /**
   * What can be said of an update without the document.
   * @throws TypeError when a change puts an array or an object in an indexed field
   */
  assertChangesIndexable(changes: readonly Change[]): void {
    for (const { operator, path, value } of changes) {
      const segments = path.split('.');
      if (setters.has(operator)) this.assertIndexable(nested(segments, value));
      if (!arrayOperators.has(operator)) continue;
      const indexed = this.#paths.find((one) => segments.every((segment, i) => one[i] === segment));
      if (indexed) this.#refuse(indexed, 'an array');
    }
  }

  #refuse(segments: readonly string[], found: string): never {
    const field = `${this.#collection}.${segments.join('.')}`;
    throw new TypeError(`${field} is indexed and cannot hold ${found}; use a string, number, boolean or null`);
  }
}
