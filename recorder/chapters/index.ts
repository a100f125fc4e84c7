export { VideoChapters } from './VideoChapters.ts';
