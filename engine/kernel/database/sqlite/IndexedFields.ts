// Responsible for the indexed fields of a collection, derived from its declared indexes. Owns nothing that needs closing.
import { parseSort } from '../query/compareDocuments.ts';
import { isPlainObject } from '../query/storableDocument.ts';
import type { JsonObject } from '../query/storableDocument.ts';
import { existsExpression, keyExpression, quoted } from './keyExpression.ts';

/** A CollectionDefinition without its document type. */
export interface CollectionDeclaration {
  name: string;
  indexes: readonly { keys: object; unique?: boolean; sparse?: boolean }[];
}

/** SQL for an indexed field. */
export interface IndexedField {
  /** The sort key of the field (`keyExpression`). */
  key: string;
  /** True when the document has the field. */
  exists: string;
  /** Conditions of the sparse indexes that contain the field. Each is true whenever the field exists. */
  sparseConditions: readonly string[];
}

export interface DeclaredIndex {
  /** MongoDB's name: `course_1_position_-1`. */
  name: string;
  paths: readonly string[];
  /** The CREATE INDEX statement. */
  sql: string;
}

export class IndexedFields {
  readonly collection: string;
  readonly indexes: readonly DeclaredIndex[];
  readonly #fields = new Map<string, IndexedField>();
  readonly #paths: readonly string[][];

  constructor(definition: CollectionDeclaration) {
    this.collection = definition.name;
    const fields = new Map<string, string[]>([['_id', []]]);
    this.indexes = definition.indexes.map(({ keys, unique = false, sparse = false }) => {
      const entries = parseSort(keys);
      const paths = entries.map(([path]) => path);
      const condition = `(${paths.map(existsExpression).join(' OR ')})`;
      for (const path of paths) fields.set(path, [...(fields.get(path) ?? []), ...(sparse ? [condition] : [])]);
      const name = entries.map(([path, direction]) => `${path}_${direction}`).join('_');
      const columns = entries.map(([path, direction]) => `${keyExpression(path)} ${direction === -1 ? 'DESC' : 'ASC'}`);
      const sql =
        `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${quoted(`${definition.name}.${name}`)} ON ${quoted(definition.name)} ` +
        `(${columns.join(', ')})${sparse ? ` WHERE ${condition}` : ''}`;
      return { name, paths, sql };
    });
    for (const [path, sparseConditions] of fields) {
      this.#fields.set(path, { key: keyExpression(path), exists: existsExpression(path), sparseConditions });
    }
    this.#paths = [...fields.keys()].map((path) => path.split('.'));
  }

  /** Undefined when the path is not indexed. */
  get(path: string): IndexedField | undefined {
    return this.#fields.get(path);
  }

  /**
   * SQLite has one key per document and index. MongoDB indexes an array with one key per element, which is not supported here.
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

  #refuse(segments: readonly string[], found: string): never {
    const field = `${this.collection}.${segments.join('.')}`;
    throw new TypeError(`${field} is indexed and cannot hold ${found}; use a string, number, boolean or null`);
  }
}
