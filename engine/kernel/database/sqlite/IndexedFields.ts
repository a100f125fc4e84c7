// Responsible for what a collection's declared indexes say about its fields. Owns nothing that needs closing.
import { parseSort } from '../query/compareDocuments.ts';
import { isPlainObject } from '../query/storableDocument.ts';
import type { JsonObject } from '../query/storableDocument.ts';
import { existsExpression, keyExpression, quoted } from './keyExpression.ts';

/** A CollectionDefinition whose document type no longer matters. */
export interface CollectionDeclaration {
  name: string;
  indexes: readonly { keys: object; unique?: boolean; sparse?: boolean }[];
}

export interface IndexedField {
  key: string;
  exists: string;
  /** Conditions of the sparse indexes that hold this field: true wherever the field exists. */
  sparseConditions: readonly string[];
}

export interface DeclaredIndex {
  name: string;
  paths: readonly string[];
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

  get(path: string): IndexedField | undefined {
    return this.#fields.get(path);
  }

  /** SQLite keeps one key per document and index: what MongoDB would index as several keys is refused. */
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
    throw new TypeError(`${field} is indexed and holds a string, number, boolean, null or nothing; ${found} was given`);
  }
}
