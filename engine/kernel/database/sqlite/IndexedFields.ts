// Responsible for the SQL of a collection's indexed fields, derived from its declared indexes. Owns nothing that needs closing.
import { declaredIndexes } from '../query/declaration.ts';
import type { CollectionDeclaration } from '../query/declaration.ts';
import { existsExpression, keyExpression, quoted } from './keyExpression.ts';

/** SQL for an indexed field. */
export interface IndexedField {
  /** The sort key of the field (`keyExpression`). */
  key: string;
  /** True when the document has the field. */
  exists: string;
  /** Conditions of the sparse indexes that contain the field. Each is true whenever the field exists. */
  sparseConditions: readonly string[];
}

export interface SqlIndex {
  paths: readonly string[];
  /** The CREATE INDEX statement. */
  sql: string;
}

export class IndexedFields {
  readonly collection: string;
  readonly indexes: readonly SqlIndex[];
  readonly #fields = new Map<string, IndexedField>();

  constructor(declaration: CollectionDeclaration) {
    this.collection = declaration.name;
    const fields = new Map<string, string[]>([['_id', []]]);
    this.indexes = declaredIndexes(declaration).map(({ name, keys, isUnique, isSparse }) => {
      const paths = keys.map(([path]) => path);
      const condition = `(${paths.map(existsExpression).join(' OR ')})`;
      for (const path of paths) fields.set(path, [...(fields.get(path) ?? []), ...(isSparse ? [condition] : [])]);
      const columns = keys.map(([path, direction]) => `${keyExpression(path)} ${direction === -1 ? 'DESC' : 'ASC'}`);
      const sql =
        `CREATE ${isUnique ? 'UNIQUE ' : ''}INDEX ${quoted(`${declaration.name}.${name}`)} ON ${quoted(declaration.name)} ` +
        `(${columns.join(', ')})${isSparse ? ` WHERE ${condition}` : ''}`;
      return { paths, sql };
    });
    for (const [path, sparseConditions] of fields) {
      this.#fields.set(path, { key: keyExpression(path), exists: existsExpression(path), sparseConditions });
    }
  }

  /** Undefined when the path is not indexed. */
  get(path: string): IndexedField | undefined {
    return this.#fields.get(path);
  }
}
