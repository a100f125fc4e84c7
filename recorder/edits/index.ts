export { cutPlaylist, cutPointsOf, isServed, keptOfEntry, keptOfPlaylist } from './cutPlaylist.ts';
export type { Edit } from './cutPlaylist.ts';
export { openVideoCuts } from './openVideoCuts.ts';
export { widenToCutPoints } from './widenToCutPoints.ts';
export { UncutPlaylists } from './UncutPlaylists.ts';
export { VideoCuts } from './VideoCuts.ts';
export { editOf, Edits } from './Edits.ts';
