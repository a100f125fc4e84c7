import type { Collection, CollectionDefinition, Database, StoredDocument } from '../kernel/database/index.ts';

/** A database whose declared collections a test can read, without repeating their indexes. */
export interface DeclaredDatabase extends Database {
  /** The names of all collections that were declared. */
  readonly names: readonly string[];
  /** A collection that the product has declared. */
  declared<Row extends StoredDocument>(name: string): Collection<Row>;
}

export function declaredCollections(database: Database): DeclaredDatabase {
  const definitions = new Map<string, CollectionDefinition<never>>();
  return {
    get names() {
      return [...definitions.keys()];
    },
    declared: <Row extends StoredDocument>(name: string) => {
      const definition = definitions.get(name);
      if (!definition) throw new Error(`nothing has declared the collection ${name}`);
      return database.collection<Row>(definition);
    },
    collection: (definition) => {
      definitions.set(definition.name, definition);
      return database.collection(definition);
    },
    ready: () => database.ready(),
    close: () => database.close(),
  };
}
