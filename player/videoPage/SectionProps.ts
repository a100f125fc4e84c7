import type { VideoView } from '#api/contract';

export interface SectionProps {
  video: VideoView;
  /** The video has changed to this. */
  onVideo: (video: VideoView) => void;
  onReload: () => void;
}
