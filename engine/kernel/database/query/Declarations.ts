// Responsible for the collections that a database was asked for: each is created once. Owns nothing that needs closing.
import { assertCollectionName } from './declaration.ts';
import type { CollectionDeclaration } from './declaration.ts';

interface Declared {
  indexes: string;
  created: Promise<unknown>;
}

export class Declarations {
  readonly #declared = new Map<string, Declared>();

  /**
   * Calls `create` for a collection that is declared for the first time. Returns its promise, also later.
   * @throws TypeError when the name is invalid
   * @throws Error when the collection was declared with different indexes
   */
  declare({ name, indexes }: CollectionDeclaration, create: () => Promise<unknown>): Promise<unknown> {
    assertCollectionName(name);
    const text = JSON.stringify(indexes);
    const declared = this.#declared.get(name);
    if (declared?.indexes === text) return declared.created;
    if (declared) throw new Error(`the collection ${name} is declared twice, with different indexes`);
    const created = create();
    // Callers that wait for `created` or use the collection receive the failure.
    created.catch(() => undefined);
    this.#declared.set(name, { indexes: text, created });
    return created;
  }

  /** Resolves when every collection that was declared exists. Rejects with the first failure. */
  async created(): Promise<void> {
    await Promise.all([...this.#declared.values()].map(({ created }) => created));
  }
}
