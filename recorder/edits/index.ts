export { cutPlaylist, cutPointsOf, keptOfPlaylist, widenToCutPoints } from './cutPlaylist.ts';
export type { Edit } from './cutPlaylist.ts';
export { editOf, Edits } from './Edits.ts';
