export { decodeCursor, encodeCursor } from './cursors.ts';
export type { PlaceInList } from './cursors.ts';
export { pageOfRows, readMergedPage, readPage } from './readPage.ts';
export type { Page, PageRequest } from './readPage.ts';
