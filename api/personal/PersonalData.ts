import type { Person, PersonalSource } from './PersonalSource.ts';

/** Everything that is stored about a person, over all stores. */
export class PersonalData {
  /** The account comes first. */
  readonly sources: readonly PersonalSource[];

  /** @throws Error when two sources have the same name or collection */
  constructor(sources: readonly PersonalSource[]) {
    requireDifferent(sources.map(({ name }) => name));
    requireDifferent(sources.flatMap(({ collections }) => collections));
    this.sources = sources;
  }

  /** The collections with personal data. */
  get collections(): readonly string[] {
    return this.sources.flatMap(({ collections }) => collections);
  }

  /** Erases the person from every store, from the account last: an erasure that fails is found again, and repeated. */
  async erase(person: Person): Promise<void> {
    for (const source of this.sources.toReversed()) await source.erase(person);
  }
}

function requireDifferent(names: readonly string[]): void {
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new Error(`two sources of personal data have ${repeated}`);
}
