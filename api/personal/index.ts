export { PersonalData } from './PersonalData.ts';
export type { OpenPersonalSource, Person, PersonalContext, PersonalFile, PersonalSource } from './PersonalSource.ts';
export { collectionsWithoutPersonalData, openPersonalData } from './sources.ts';
