export { makePoster } from './poster.ts';
export type { Poster, PosterOptions } from './poster.ts';
