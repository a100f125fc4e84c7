export { groupPlaylist } from './groupPlaylist.ts';
export { Manifest, renditionPrefix, renditionsIn, summaryOf, videoPrefix } from './Manifest.ts';
export type { ManifestFile, ManifestRendition, ManifestSegment } from './Manifest.ts';
export { keyframePlaylist, renditionPlaylist } from './renditionPlaylist.ts';
export { VideoMedia } from './VideoMedia.ts';
export type { VideoMediaOptions } from './VideoMedia.ts';
